"""Finds the commit that last changed each entry of a folder, going back along first parents.

Only object ids are compared, never contents. A commit that did not touch the folder costs one look at a tree that
libgit2 mostly has in memory; one that did costs the reading of that folder's tree, of which only the bytes that
differ from the next newer version are looked at.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate

import pygit2

from bearhug.hub.history.records import Trail

_ENTRY = re.compile(rb"[0-7]+ [^\0]+\0.{20}", re.DOTALL)
FOLDER = 0o40000
BLOCK = 4096
"""Reading this many bytes of trees counts as much as visiting a commit."""

Child = tuple[pygit2.Oid, int]
"""Object id and mode of an entry."""


class Budget:
    """How much a question may still cost, in commits visited (and trees read, by their size)."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.left = units

    def spend(self, units: int) -> None:
        self.left -= units

    @property
    def spent(self) -> int:
        return self.units - self.left


class Listing:
    """A tree's bytes cut into entries, able to move on to an older version of itself."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._entries, self._starts = _cut(raw)

    def names(self) -> list[str]:
        return [_name(entry) for entry in self._entries]

    def step(self, older: bytes) -> list[str]:
        """Become the older version; the names of entries that came, went or changed in between."""
        raw, starts = self._raw, self._starts
        least = min(len(raw), len(older))
        head = _agree(raw, older, least)
        tail = _agree_behind(raw, older, least - head)
        first = bisect_right(starts, head) - 1
        last = max(bisect_left(starts, len(raw) - tail), first)
        low, high = starts[first], len(older) - (len(raw) - starts[last])
        fresh, fresh_starts = _cut(older[low:high], low)
        if fresh_starts[-1] != high:  # the end of what differs only looked like the end of an entry
            first, last = 0, len(self._entries)
            fresh, fresh_starts = _cut(older)
        gone = self._entries[first:last]
        moved = len(older) - len(raw)
        rest = [start + moved for start in starts[last + 1 :]] if moved else starts[last + 1 :]
        self._entries[first:last] = fresh
        self._starts = [*starts[:first], *fresh_starts, *rest]
        self._raw = older
        return [_name(entry) for entry in set(gone).symmetric_difference(fresh)]


class Walk:
    """A walk through one repository's past; what was looked up once serves all folders that are asked for."""

    def __init__(self, repo: pygit2.Repository, budget: Budget) -> None:
        self._repo = repo
        self.budget = budget
        self._steps: dict[str, tuple[pygit2.Oid, str | None]] = {}
        self._children: dict[tuple[pygit2.Oid, str], Child | None] = {}

    def follow(self, path: str, trail: Trail, wanted: Iterable[str], known: Mapping[str, Trail]) -> None:
        """Carry the trail on until the wanted names are found, the past ends or the budget does.

        `known` are trails of the same folder by their tips; where the walk meets one it takes its findings over.
        """
        missing = set(wanted).difference(trail.found)
        folder = self.folder(trail.frontier, path) if missing and trail.frontier else None
        if folder is None:
            return
        listing = Listing(self.read(folder))
        pending = set(self._names(path, trail, listing)).difference(trail.found)
        missing &= pending
        while missing and self.budget.left > 0:
            if trail.frontier in known and trail.frontier != trail.tip:
                self._take_over(trail, known[trail.frontier], pending)
                self.follow(path, trail, wanted, {})
                return
            older = self._older(trail.frontier, path)
            if older is None:
                trail.found.update(dict.fromkeys(pending, trail.frontier))
                trail.frontier = ""
                return
            parent, tree = older
            if tree != folder:
                changed = pending.intersection(listing.step(self.read(tree)))
                trail.found.update(dict.fromkeys(changed, trail.frontier))
                pending -= changed
                missing -= changed
                folder = tree
            trail.frontier = parent if pending else ""

    def folder(self, commit: str, path: str) -> pygit2.Oid | None:
        """The tree of a folder at a commit; None where none is."""
        found = self.entry(commit, path)
        return found[0] if found is not None and found[1] == FOLDER else None

    def entry(self, commit: str, path: str) -> Child | None:
        """Object id and mode of what is at a path; the root is a folder with an empty path."""
        found: Child | None = (self._step(commit)[0], FOLDER)
        for name in path.split("/") if path else ():
            if found is None or found[1] != FOLDER:
                return None
            found = self._child(found[0], name)
        return found

    @property
    def has_budget(self) -> bool:
        return self.budget.left > 0

    def parent(self, commit: str) -> str | None:
        """The first parent."""
        return self._step(commit)[1]

    def _names(self, path: str, trail: Trail, listing: Listing) -> list[str]:
        """All names of the folder at the trail's tip."""
        tree = None if trail.frontier == trail.tip else self.folder(trail.tip, path)
        return listing.names() if tree is None else Listing(self.read(tree)).names()

    def _take_over(self, trail: Trail, other: Trail, pending: set[str]) -> None:
        trail.found.update({name: commit for name, commit in other.found.items() if name in pending})
        trail.frontier = other.frontier

    def _older(self, commit: str, path: str) -> tuple[str, pygit2.Oid] | None:
        """The first parent and the folder's tree there; None where the folder began."""
        parent = self.parent(commit)
        tree = self.folder(parent, path) if parent is not None else None
        return (parent, tree) if parent is not None and tree is not None else None

    def _step(self, commit: str) -> tuple[pygit2.Oid, str | None]:
        known = self._steps.get(commit)
        if known is None:
            self.budget.spend(1)
            found = self._repo[commit]
            parents = found.parent_ids
            known = self._steps[commit] = (found.tree_id, str(parents[0]) if parents else None)
        return known

    def _child(self, tree: pygit2.Oid, name: str) -> Child | None:
        key = (tree, name)
        if key not in self._children:
            self._children[key] = _entry(self._repo[tree], name)
        return self._children[key]

    def read(self, tree: pygit2.Oid) -> bytes:
        """A tree as git keeps it."""
        raw: bytes = self._repo.odb.read(tree)[1]
        self.budget.spend(len(raw) // BLOCK)
        return raw


def _entry(tree: pygit2.Tree, name: str) -> Child | None:
    if "\0" in name:
        return None  # libgit2 would read no further
    try:
        found = tree[name]
    except (KeyError, ValueError):
        return None
    return found.id, int(found.filemode)


def _cut(raw: bytes, start: int = 0) -> tuple[list[bytes], list[int]]:
    """The entries, and where each begins and the last ends, counted from `start`."""
    entries = _ENTRY.findall(raw)
    return entries, list(accumulate(map(len, entries), initial=start))


def _name(entry: bytes) -> str:
    return entry[entry.index(b" ") + 1 : -21].decode("utf-8", "surrogateescape")


def _agree(one: bytes, other: bytes, most: int) -> int:
    """How many bytes both begin with, at most so many: by halves, so that the comparing is done in C."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _agree_behind(one: bytes, other: bytes, most: int) -> int:
    """How many bytes both end with."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
