"""Copies folders so that a second copy only carries what changed."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

PASSING = (".lock", ".tmp")


@dataclass
class Tally:
    """Files and bytes that a target holds."""

    files: int = 0
    bytes: int = 0
    copied: int = 0


def mirror(source: Path, target: Path, tally: Tally, *, skip: frozenset[str] = frozenset()) -> None:
    """Make `target` hold what `source` holds: new and changed files are copied, others removed."""
    target.mkdir(parents=True, exist_ok=True)
    wanted: set[str] = set()
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.name in skip or entry.name.endswith(PASSING):
                continue
            wanted.add(entry.name)
            if entry.is_dir(follow_symlinks=False):
                mirror(Path(entry.path), target / entry.name, tally)
            elif entry.is_file(follow_symlinks=False):
                copy(Path(entry.path), target / entry.name, tally)
    for left in target.iterdir():
        if left.name not in wanted:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def copy(source: Path, target: Path, tally: Tally) -> None:
    """Copy unless the target is the same by size and time; a file that vanishes meanwhile is passed over."""
    try:
        facts = source.stat()
        if not _same(target, facts):
            unfinished = target.with_name(target.name + ".tmp")
            shutil.copy2(source, unfinished)
            unfinished.replace(target)
            tally.copied += 1
    except FileNotFoundError:
        return
    tally.files += 1
    tally.bytes += facts.st_size


def _same(target: Path, facts: os.stat_result) -> bool:
    try:
        there = target.stat()
    except FileNotFoundError:
        return False
    return there.st_size == facts.st_size and there.st_mtime_ns == facts.st_mtime_ns
