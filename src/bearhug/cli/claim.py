"""One hub a data folder: the lock that `bearhug up` holds, and in it the address at which it answers."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bearhug.base.blobs.disk import make_folder, try_lock

LOCK = "running.lock"
LONGEST = 2048
PATIENCE = 1.0
"""Seconds that a hub which was ended a moment ago has to be gone."""
STEP = 0.05
OTHERS = 0o027


def keep_from_others() -> None:
    """What this process makes is for its account and its group, by which a web server may send files; for nobody else.

    Rows hold addresses of people, and repositories are private.
    """
    os.umask(os.umask(OTHERS) | OTHERS)


@contextmanager
def claimed(data: Path) -> Iterator[Callable[[str], None]]:
    """Hold the folder for this process, or say who does; what is given writes down the address."""
    make_folder(data)
    fd = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        if not _patiently(fd):
            where = _read(fd) or "an address that it has not told yet"
            advice = "Stop it first (Ctrl-C, or its service), or give this one a folder of its own with --data."
            raise click.ClickException(f"A hub already runs on {data}, at {where}. {advice}")
        os.ftruncate(fd, 0)
        yield lambda url: _write(fd, url)
    finally:
        os.close(fd)


def running(data: Path) -> str | None:
    """The address of the hub that runs on this folder now, if one does."""
    try:
        fd = os.open(data / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if try_lock(fd, shared=True) else _read(fd)
    finally:
        os.close(fd)


def _patiently(fd: int) -> bool:
    end = time.monotonic() + PATIENCE
    while not try_lock(fd):
        if time.monotonic() > end:
            return False
        time.sleep(STEP)
    return True


def _read(fd: int) -> str | None:
    return os.pread(fd, LONGEST, 0).decode("utf-8", "replace").strip() or None


def _write(fd: int, url: str) -> None:
    os.ftruncate(fd, 0)
    os.pwrite(fd, f"{url}\n".encode(), 0)
