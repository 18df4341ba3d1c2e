"""Compares two trees by object ids alone, and stops when it has seen enough.

Whoever pushes decides how deep and how often trees stand in each other, so this keeps its own stack and counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pygit2

from bearhug.hub.history.walk import FOLDER, Budget

_ENTRY = re.compile(rb"[0-7]+ [^\0]+\0.{20}", re.DOTALL)
PATH_UNIT = 256
"""This many bytes of a path cost as much as opening a tree."""


@dataclass(frozen=True)
class Node:
    """Mode and object id of an entry."""

    mode: int
    oid: bytes

    @property
    def is_folder(self) -> bool:
        return self.mode == FOLDER


Pair = tuple[bytes, Node | None, Node | None]
"""A path with what was and what is there."""


def differing(repo: pygit2.Repository, old: Node | None, new: Node | None, budget: Budget) -> Iterator[Pair]:
    """Every file that differs below two trees, in the order of their names; ends early when the budget does."""
    stack = [_pairs(repo, b"", old, new)]
    while stack and budget.left > 0:
        pair = next(stack[-1], None)
        if pair is None:
            stack.pop()
            continue
        path, before, after = pair
        old_tree, old_file = _sorted_out(before)
        new_tree, new_file = _sorted_out(after)
        if old_file or new_file:
            yield path, old_file, new_file
        if old_tree or new_tree:
            budget.spend(1 + len(path) // PATH_UNIT)
            stack.append(_pairs(repo, path + b"/", old_tree, new_tree))


def _pairs(repo: pygit2.Repository, prefix: bytes, old: Node | None, new: Node | None) -> Iterator[Pair]:
    before, after = _entries(repo, old), _entries(repo, new)
    gone, come = dict(map(_parsed, before - after)), dict(map(_parsed, after - before))
    for name in sorted(gone.keys() | come.keys()):
        yield prefix + name, gone.get(name), come.get(name)


def _entries(repo: pygit2.Repository, tree: Node | None) -> set[bytes]:
    """As git writes them, so that only those that differ need to be understood."""
    return set() if tree is None else set(_ENTRY.findall(repo.odb.read(pygit2.Oid(raw=tree.oid))[1]))


def _parsed(entry: bytes) -> tuple[bytes, Node]:
    mode, _, name = entry[:-21].partition(b" ")
    return name, Node(int(mode, 8), entry[-20:])


def _sorted_out(node: Node | None) -> tuple[Node | None, Node | None]:
    """The node as a folder or as a file."""
    return (node, None) if node is not None and node.is_folder else (None, node)
