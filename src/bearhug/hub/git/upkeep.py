"""Keeps a bare repository quick: few packs, packed references, a commit graph. Nothing that was written is dropped.

Readers and writers go on meanwhile: objects only move into larger packs, and an old pack is removed after the new one
is in place. Unreachable objects stay, because a commit in the making is unreachable until its branch moves.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bearhug.hub.git.program import command, environment
from bearhug.hub.git.store import Hold

MOST_PACKS = 24
MOST_LOOSE = 2048
MOST_LOOSE_REFS = 256
FORGOTTEN_AFTER = 24 * 3600
LEFTOVERS = (
    "objects/pack/tmp_*",
    "objects/pack/.tmp-*",
    "objects/??/tmp_obj_*",
    "objects/tmp_objdir-*",
    "objects/incoming-*",
    "refs/bearhug/incoming/*",
    "fast_import_crash_*",
)

Stopped = Callable[[], bool]


def needs_packing(path: Path) -> bool:
    """Whether there are so many packs or loose objects that reading suffers."""
    packs = sum(1 for _ in path.glob("objects/pack/*.pack"))
    return packs > MOST_PACKS or _loose_objects(path) > MOST_LOOSE


def pack(path: Path, stopped: Stopped) -> bool:
    """Join small packs and loose objects into larger packs; False if it was told to stop."""
    return _run(path, stopped, "-c", "pack.threads=1", "repack", "-d", "-q", "--geometric=2") and _run(
        path, stopped, "commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"
    )


def needs_packed_refs(path: Path) -> bool:
    """Whether so many references are files of their own that listing them suffers."""
    return sum(len(files) for _, _, files in os.walk(path / "refs")) > MOST_LOOSE_REFS


def pack_refs(path: Path, hold: Hold) -> None:
    """Write all references into one file. The caller holds the repository; if it dies, git holds on until it ends."""
    subprocess.run(
        command("--git-dir", path, "pack-refs", "--all"),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        pass_fds=(hold.fd,),
    )


def sweep(path: Path, *, older_than: float = FORGOTTEN_AFTER) -> int:
    """Remove what programs that were killed left behind, once nobody can be working on it; the number of pieces."""
    edge = time.time() - older_than
    left = [found for found in _leftovers(path) if _is_older(found, edge)]
    for found in left:
        if found.is_dir():
            shutil.rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)
    return len(left)


def _is_older(found: Path, edge: float) -> bool:
    """False for what its program has removed meanwhile."""
    try:
        return found.lstat().st_mtime < edge
    except FileNotFoundError:
        return False


def _leftovers(path: Path) -> Iterator[Path]:
    for pattern in LEFTOVERS:
        yield from path.glob(pattern)


def _loose_objects(path: Path) -> int:
    """An estimate from one of the 256 folders."""
    return 256 * sum(1 for _ in path.glob("objects/17/*"))


def _run(path: Path, stopped: Stopped, *words: str) -> bool:
    process = subprocess.Popen(
        command("--git-dir", path, *words),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    while True:
        try:
            _, errors = process.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            if stopped():
                process.terminate()
                process.communicate()
                return False
        else:
            break
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, words, stderr=errors)
    return True
