"""Adds up folders: every file below with its real size, each distinct tree only once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pygit2

from bearhug.base.errors import Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.hub.git.reading import Reading

MOST_ENTRIES = 2_000_000
WORTH_KEEPING = 1000
LARGEST = 2**63 - 1

Known = Callable[[list[str]], dict[str, int]]
"""`known(trees)`: the sizes of those trees that were added up before."""


@dataclass
class Sum:
    """Sizes of trees in bytes, and of those that were added up just now how many entries that took."""

    sizes: dict[str, int] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)

    def worth_keeping(self) -> dict[str, int]:
        return {tree: self.sizes[tree] for tree, weight in self.weights.items() if weight >= WORTH_KEEPING}


@dataclass
class _Tree:
    own: int
    entries: int
    children: list[str]


def add_up(reading: Reading, root: str, known: Known) -> Sum:
    """The size of a tree and of all below it. Unprocessable where there are too many entries.

    Trees may be nested as deeply as git lets them, so there is no recursion, and a tree that stands in a
    thousand places is read once.
    """
    found = Sum(known([root]))
    opened: dict[str, _Tree] = {}
    entries = 0
    waiting = [root]
    while waiting:
        oid = waiting[-1]
        if oid in found.sizes:
            waiting.pop()
        elif oid not in opened:
            tree = opened[oid] = _open(reading, oid)
            entries += tree.entries
            if entries > MOST_ENTRIES:
                raise Unprocessable("This folder has too many entries to be added up.")
            found.sizes |= known([child for child in tree.children if child not in found.sizes])
            waiting += [child for child in tree.children if child not in found.sizes]
        else:
            tree = opened[waiting.pop()]
            found.sizes[oid] = min(tree.own + sum(found.sizes[child] for child in tree.children), LARGEST)
            found.weights[oid] = tree.entries + sum(found.weights.get(child, 0) for child in tree.children)
    return found


def _open(reading: Reading, oid: str) -> _Tree:
    tree = _Tree(0, 0, [])
    for item in reading.raw[oid]:
        tree.entries += 1
        if isinstance(item, pygit2.Tree):
            tree.children.append(str(item.id))
        elif isinstance(item, pygit2.Blob):
            tree.own += real_size(reading, str(item.id))[0]
    return tree


def real_size(reading: Reading, blob: str) -> tuple[int, bool]:
    """Bytes of a file's content, and whether git only holds a pointer to it."""
    size = reading.size(blob)
    if lfs_pointer.SMALLEST <= size <= lfs_pointer.LARGEST:
        pointer = lfs_pointer.parse(reading.blob(blob))
        if pointer is not None:
            return pointer.size, True
    return size, False
