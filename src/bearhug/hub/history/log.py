"""The line of first parents below a commit: how long it is, a page of it, and where it touches a path."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pygit2

from bearhug.hub.history.walk import Budget, Listing, Walk

MOST_COUNTED = 150_000
REMEMBERED = 10_000
MOST_SEARCHED = 150_000
REMEMBERED_PATHS = 16


@dataclass(frozen=True)
class Touching:
    """The commits that changed a path, newest first; `total` is None where the past was too long to be searched."""

    oids: list[str]
    total: int | None


class Log:
    """Walks and counts; lengths are remembered, because a commit's past never changes."""

    def __init__(self) -> None:
        self._lengths: dict[str, int] = {}
        self._touching: dict[tuple[str, str], Touching] = {}
        self._guard = threading.Lock()

    def page(self, repo: pygit2.Repository, tip: str, skip: int, limit: int) -> list[str]:
        """Commits after the first `skip`."""
        if skip > MOST_COUNTED:
            return []
        return list(islice(first_parents(repo, tip), skip, skip + limit))

    def count(self, repo: pygit2.Repository, tip: str) -> int | None:
        """How many commits there are; None where there are more than anybody counts."""
        length = 0
        for commit in first_parents(repo, tip):
            known = self._lengths.get(commit)
            if known is not None:
                length += known
                break
            length += 1
            if length > MOST_COUNTED:
                return None
        with self._guard:
            if len(self._lengths) >= REMEMBERED:
                self._lengths.clear()
            self._lengths[tip] = length
        return length

    def touching(self, repo: pygit2.Repository, tip: str, path: str) -> Touching:
        """Commits at which the entry at a path differs from that at their first parent."""
        walk = Walk(repo, Budget(MOST_SEARCHED))
        found: list[str] = []
        commit = tip
        for commit, touched in touches(walk, tip, path):
            known = self._touching.get((commit, path))
            if known is not None:
                result = Touching(found + known.oids, None if known.total is None else len(found) + known.total)
                break
            if touched:
                found.append(commit)
        else:
            result = Touching(found, len(found) if walk.parent(commit) is None else None)
        with self._guard:
            if len(self._touching) >= REMEMBERED_PATHS:
                self._touching.clear()
            self._touching[tip, path] = result
        return result


def touches(walk: Walk, tip: str, path: str) -> Iterator[tuple[str, bool]]:
    """Each commit on the line of first parents, and whether it changed what is at a path; until the budget ends."""
    folder, _, name = path.rpartition("/")
    here = walk.folder(tip, folder)
    listing = Listing(walk.read(here)) if here is not None else None
    commit: str | None = tip
    while commit is not None and walk.has_budget:
        parent = walk.parent(commit)
        there = walk.folder(parent, folder) if parent is not None else None
        if there == here:
            touched = False
        elif listing is not None and there is not None:
            touched = name in listing.step(walk.read(there))
        else:
            older = Listing(walk.read(there)) if there is not None else None
            held = listing or older
            touched = held is not None and name in held.names()
            listing = older
        yield commit, touched
        commit, here = parent, there


def first_parents(repo: pygit2.Repository, tip: str) -> Iterator[str]:
    """The commit itself, its first parent, and so on."""
    commit = repo[tip]
    yield tip
    while parents := commit.parent_ids:
        commit = repo[parents[0]]
        yield str(parents[0])
