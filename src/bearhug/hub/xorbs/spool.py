"""A body on its way in: written to a file that only it knows, at most so many bytes, gone unless it is kept."""

import mmap
import os
import secrets
from pathlib import Path
from types import TracebackType

from bearhug.base.blobs.disk import sync, sync_folder, try_lock, write_all
from bearhug.base.errors import TooLarge

SUFFIX = ".part"


class Spool:
    """A context manager: what was not kept by its end is removed; what a crash leaves, the next start sweeps."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._path: Path | None = folder / (secrets.token_hex(16) + SUFFIX)
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._open = True
        try_lock(self._fd)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, block: bytes) -> None:
        if self.size + len(block) > self._limit:
            raise TooLarge(f"More than {self._limit} bytes.")
        write_all(self._fd, block, self.size)
        self.size += len(block)

    def read(self) -> bytes:
        """Everything that came."""
        return os.pread(self._fd, self.size, 0)

    def map(self) -> mmap.mmap:
        """The bytes mapped into memory; not for an empty body."""
        return mmap.mmap(self._fd, self.size, access=mmap.ACCESS_READ)

    def cut(self, size: int) -> None:
        """Leave the rest out."""
        os.ftruncate(self._fd, size)
        self.size = size

    def keep(self, path: Path) -> None:
        """Make the bytes durable under a name in an existing folder."""
        assert self._path is not None
        sync(self._fd)
        self._path.rename(path)
        self._path = None
        sync_folder(path.parent)

    def close(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            self._path = None
        if self._open:
            self._open = False
            os.close(self._fd)
