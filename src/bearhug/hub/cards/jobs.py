"""What the worker does for cards: index on every change, forget what was deleted."""

from typing import Any

from bearhug.base.events import Bus
from bearhug.base.worker import Handle, Run
from bearhug.hub.cards.service import Cards

INDEX = "cards.index"
FORGET = "cards.forget"


class CardJobs:
    """Listens to creations, pushes, moves and deletions."""

    def __init__(self, cards: Cards, bus: Bus) -> None:
        self._cards = cards
        for event in ("repo.created", "repo.pushed", "repo.moved"):
            bus.subscribe(event, INDEX)
        bus.subscribe("repo.deleted", FORGET)

    def handlers(self) -> dict[str, Handle]:
        return {INDEX: self.index, FORGET: self.forget}

    def index(self, payload: dict[str, Any], _run: Run) -> None:
        self._cards.index(int(payload["repo_id"]))

    def forget(self, payload: dict[str, Any], _run: Run) -> None:
        self._cards.forget(int(payload["repo_id"]))
