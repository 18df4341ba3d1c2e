"""Inputs of a command: those that go into one batch are done when the first of them is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from bearhug.base.errors import HubError
from bearhug.inference.local.inputs import Piece
from bearhug.inference.local.pipeline import Pipeline
from bearhug.inference.tasks import table
from bearhug.inference.tasks.gathering import MOST_TOGETHER


class Ahead:
    """Outputs of pieces, asked for in their order; `parameters` are those of the command."""

    def __init__(self, ready: Pipeline, pieces: Sequence[Piece], parameters: Mapping[str, Any]) -> None:
        self._ready = ready
        self._parameters = parameters
        self._places = {piece.name: at for at, piece in enumerate(pieces)}
        self._pieces = pieces
        self._most = MOST_TOGETHER if ready.task in table.TOGETHER else 1
        self._known: dict[str, Any] = {}

    def output(self, piece: Piece) -> Any:
        """What comes out of a piece; an error is that of this piece alone."""
        if piece.name not in self._known and self._most > 1:
            self._look_ahead(piece)
        if piece.name in self._known:
            return self._known.pop(piece.name)
        return self._ready.plain(piece.inputs, **self._options(piece))

    def _look_ahead(self, piece: Piece) -> None:
        at, options = self._places[piece.name], self._options(piece)
        batch = [one for one in self._pieces[at : at + self._most] if self._options(one) == options]
        try:
            outputs = self._ready.together([one.inputs for one in batch], **options)
        except HubError:  # one of them cannot be done: each is asked for alone until they are through
            self._most = max(self._most // 4, 1)
            return
        self._known.update(zip((one.name for one in batch), outputs, strict=True))

    def _options(self, piece: Piece) -> dict[str, Any]:
        return {**self._parameters, **(piece.record.get("parameters") or {})}
