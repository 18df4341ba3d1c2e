"""One content on its way in: hashed and counted while it is written to a file that only it knows."""

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType

from bearhug.base.blobs.disk import sync, try_lock, write_all
from bearhug.base.errors import TooLarge

SUFFIX = ".part"


class Incoming:
    """Takes at most `limit` bytes. A context manager: what was not kept by its end is gone.

    Without a folder nothing is written: the bytes are only checked, because the store has them already.
    """

    def __init__(self, folder: Path | None, limit: int) -> None:
        self.size = 0
        self.limit = limit
        self.path: Path | None = None
        self._hash = hashlib.sha256()
        self._fd: int | None = None
        if folder is not None:
            self.path = folder / (secrets.token_hex(16) + SUFFIX)
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            try_lock(self._fd)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, block: bytes) -> None:
        if self.size + len(block) > self.limit:
            raise TooLarge(f"More than the {self.limit} bytes that were announced.")
        self._hash.update(block)
        if self._fd is not None:
            write_all(self._fd, block, self.size)
        self.size += len(block)

    def sha256(self) -> str:
        return self._hash.hexdigest()

    def seal(self) -> None:
        """Make the bytes durable; the file still has its temporary name."""
        if self._fd is not None:
            sync(self._fd)

    def moved(self) -> None:
        """The store has taken the file over under its real name."""
        self.path = None
        self._close()

    def discard(self) -> None:
        """Leave nothing behind; harmless when the content was kept."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None
        self._close()

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def sweep(folder: Path) -> int:
    """Remove the files of writers that died; those of living ones are locked. Returns how many went."""
    count = 0
    for path in folder.glob("*" + SUFFIX):
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if try_lock(fd):
                path.unlink(missing_ok=True)
                count += 1
        finally:
            os.close(fd)
    return count
