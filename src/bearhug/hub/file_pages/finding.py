"""Finds files of a revision by words of their path."""

import re
import threading
from collections import OrderedDict
from heapq import nsmallest

import pygit2

from bearhug.hub.file_pages.records import Hits

MOST_PATHS = 200_000
MOST_TREES = 50_000
MOST_LETTERS = 40_000_000
"""Letters of paths that are kept in memory, all revisions together."""
SHOWN = 100
LONGEST = 200
MOST_WORDS = 8
FOLDER = b"40000"
_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)


class Paths:
    """Lists of paths by tree, the last ones kept: whoever types a word asks once a letter."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[list[str], bool]] = OrderedDict()
        self._letters = 0
        self._guard = threading.Lock()

    def find(self, repo: pygit2.Repository, tree: str, words: str) -> Hits:
        """The best of the paths that hold every word; without words the first ones."""
        paths, cut = self._of(repo, tree)
        wanted = words[:LONGEST].lower().split()[:MOST_WORDS]
        if not wanted:
            return Hits(paths[:SHOWN], len(paths) > SHOWN, cut)
        found = [path for path in paths if _holds(path.lower(), wanted)]
        best = nsmallest(SHOWN, found, key=lambda path: _rank(path.lower(), wanted))
        return Hits(best, len(found) > SHOWN, cut)

    def _of(self, repo: pygit2.Repository, tree: str) -> tuple[list[str], bool]:
        with self._guard:
            known = self._kept.get(tree)
            if known is not None:
                self._kept.move_to_end(tree)
                return known
        found = _paths(repo, tree)
        letters = sum(map(len, found[0]))
        with self._guard:
            if tree not in self._kept and letters <= MOST_LETTERS // 2:
                self._kept[tree] = found
                self._letters += letters
            while self._letters > MOST_LETTERS:
                _, (gone, _) = self._kept.popitem(last=False)
                self._letters -= sum(map(len, gone))
        return found


def _paths(repo: pygit2.Repository, root: str) -> tuple[list[str], bool]:
    """Every file of a tree, and whether there are more than anybody reads; no blob is opened."""
    found: list[str] = []
    waiting = [(b"", bytes.fromhex(root))]
    letters = trees = 0
    while waiting:
        prefix, tree = waiting.pop()
        trees += 1
        folders = []
        for mode, name, oid in _ENTRY.findall(repo.odb.read(pygit2.Oid(raw=tree))[1]):
            if mode == FOLDER:
                folders.append((prefix + name + b"/", oid))
            else:
                found.append((prefix + name).decode("utf-8", "surrogateescape"))
                letters += len(prefix) + len(name)
        if len(found) > MOST_PATHS or trees > MOST_TREES or letters > MOST_LETTERS:
            return found[:MOST_PATHS], True
        waiting += reversed(folders)
    return found, False


def _holds(path: str, words: list[str]) -> bool:
    return all(word in path for word in words)


def _rank(path: str, words: list[str]) -> tuple[int, int, str]:
    """Words in the file's own name come first, then short paths."""
    name = path.rpartition("/")[2]
    return sum(word not in name for word in words), len(path), path
