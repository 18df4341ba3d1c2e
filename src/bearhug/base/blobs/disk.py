"""Small habits of safe writing: whole blocks, synced folders, and a full disk said in words."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from bearhug.base.errors import StorageFull

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_all(fd: int, block: bytes, offset: int) -> None:
    """Write every byte of `block` at `offset`; `StorageFull` when they do not fit."""
    view = memoryview(block)
    try:
        while view:
            count = os.pwrite(fd, view, offset)
            view = view[count:]
            offset += count
    except OSError as error:
        raise _in_words(error) from error


def sync(fd: int) -> None:
    """Wait until the bytes lie on the disk."""
    try:
        os.fsync(fd)
    except OSError as error:
        raise _in_words(error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def rename_synced(folder: Path, target: Path) -> None:
    """Give a folder its name once every file in it lies on the disk: what has the name is whole, always."""
    for file in (one for one in folder.rglob("*") if one.is_file()):
        fd = os.open(file, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    folder.rename(target)
    sync_folder(target.parent)


@contextmanager
def made_whole(target: Path, prefix: str) -> Iterator[Path]:
    """A new folder to fill, which becomes `target` when that went well: whole or not at all, whoever else makes it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield made
        rename_synced(made, target)
    except OSError:
        if not target.is_dir():  # else somebody wrote the same in the meantime
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each of them durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def try_lock(fd: int, *, shared: bool = False) -> bool:
    """Take the file's lock if nobody holds it against us; it ends with the descriptor."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, across threads and processes."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _in_words(error: OSError) -> Exception:
    return StorageFull() if error.errno in NO_ROOM else error
