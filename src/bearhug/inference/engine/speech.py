"""One sequence of an answer as text: decoded, stopped at its stop words, calls of tools told apart."""

from collections.abc import Iterator, Mapping
from typing import Any

from bearhug.inference.engine import tools
from bearhug.inference.engine.sampling import Finish, Likely, Piece
from bearhug.inference.engine.words import Stops, Unfolding, Words


class Speech:
    """Hears the pieces of sequence `index`, says `{index, text, ids, logprobs, finish, calls}` as they get certain."""

    def __init__(self, words: Words, index: int, wishes: Mapping[str, Any]) -> None:
        special = bool(wishes.get("special_tokens"))
        self._words = words
        self._index = index
        self._unfolding = Unfolding(words, special)
        self._stops = Stops(tuple(wishes.get("stop", ())), bool(wishes.get("keep_stop")))
        self._offered: list[str] = list(wishes.get("tools", ()))
        self._silent = ""
        self._has_spoken = False
        self.ended = False

    def hear(self, piece: Piece) -> Iterator[dict[str, Any]]:
        """What can be said after these tokens."""
        if self.ended:
            return
        finish = piece.finish
        text = self._stops.add(self._unfolding.add(piece.ids))
        if self._stops.found is not None:
            finish = Finish.STOP
        elif finish is not None:
            text += self._stops.add(self._unfolding.rest())
            text += self._stops.rest()
        self.ended = finish is not None
        shown, calls = self._told(text)
        if shown or piece.ids or self.ended:
            yield self._said(piece, shown, finish, calls)

    def _told(self, text: str) -> tuple[str, list[tools.ToolCall]]:
        """Text that may be shown; from where a call may begin on, it is kept back until the end."""
        if not self._offered:
            return text, []
        self._silent += text
        if self.ended:
            return tools.spoken(self._silent, self._offered)
        certain = tools.certain(self._silent, begun=self._has_spoken)
        shown, self._silent = self._silent[:certain], self._silent[certain:]
        self._has_spoken = self._has_spoken or bool(shown)
        return shown, []

    def _said(self, piece: Piece, text: str, finish: Finish | None, calls: list[tools.ToolCall]) -> dict[str, Any]:
        said: dict[str, Any] = {"index": self._index, "text": text, "tokens": len(piece.ids)}
        if piece.likely:
            said["logprobs"] = [self._likely(one, likely) for one, likely in zip(piece.ids, piece.likely, strict=True)]
        if finish is not None:
            said["finish"] = "tool_calls" if calls else finish.value
            said["stopped_by"] = self._stops.found
        if calls:
            said["calls"] = [{"name": call.name, "arguments": call.arguments} for call in calls]
        return said

    def _likely(self, token: int, likely: Likely) -> dict[str, Any]:
        top = [{"token": self._words.decode([one], special=True), "logprob": value} for one, value in likely.top]
        return {"token": self._words.decode([token], special=True), "logprob": likely.logprob, "top": top}
