"""Gathers branches and tags for their page."""

import pygit2

from bearhug.hub.access.records import Actor
from bearhug.hub.branch_pages.records import RefPage, RefRow
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN, Ref
from bearhug.hub.history.service import History
from bearhug.hub.refs.service import in_kinds
from bearhug.hub.repos.records import RepoName

ROWS = 30
REMEMBERED = 2000
OFFERED = 200

Distance = tuple[int, int]


class RefViews:
    """Branches and tags, a page at a time."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._distances: dict[tuple[str, str], Distance] = {}

    def page(self, actor: Actor, name: RepoName, *, tags: bool, named: str, page: int) -> RefPage:
        """The references whose name holds some words, main first."""
        reading = self._history.open(actor, name).reading
        found = in_kinds(reading.refs())
        branches, marks = _named(found.branches, named), _named(found.tags, named)
        chosen = marks if tags else branches
        pages = max((len(chosen) + ROWS - 1) // ROWS, 1)
        page = min(page, pages - 1)
        some = chosen[page * ROWS : (page + 1) * ROWS]
        entered = self._history.entered(reading, [ref.oid for ref in some])
        main = reading.ref(MAIN)
        rows = [
            RefRow(ref, by, *(self._distance(reading, ref.oid, main) if main and not tags else (None, None)))
            for ref, by in zip(some, entered, strict=True)
        ]
        names = [ref.name for ref in (*found.branches, *found.tags)[:OFFERED]]
        return RefPage(rows, page, pages, len(branches), len(marks), names)

    def _distance(self, reading: Reading, oid: str, main: str) -> Distance:
        """How many commits ahead of main and behind it."""
        key = (oid, main)
        known = self._distances.get(key)
        if known is None:
            if len(self._distances) >= REMEMBERED:
                self._distances.clear()
            ahead, behind = reading.raw.ahead_behind(pygit2.Oid(hex=oid), pygit2.Oid(hex=main))
            known = self._distances[key] = (int(ahead), int(behind))
        return known


def _named(refs: tuple[Ref, ...], words: str) -> list[Ref]:
    wanted = words.lower().split()[:8]
    return [ref for ref in refs if all(word in ref.name.lower() for word in wanted)]
