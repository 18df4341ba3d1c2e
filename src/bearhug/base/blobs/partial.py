"""Contents that come in pieces, over several requests and restarts.

An unfinished content is a folder: `data-<random>` holds the bytes in place, a file named by its number marks each
part that is complete. What is complete is never written again (parts) or only ever grows at its end (appending), so
the hash that runs along in memory stays true whatever other requests and processes do; after a restart it is made
up for by reading.
"""

import hashlib
import os
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from bearhug.base.blobs.disk import sync, try_lock, write_all
from bearhug.base.errors import BadRequest, Conflict, StorageFull, TooLarge

BLOCK = 4 << 20
MOST_HASHES = 1024
PATIENCE = 20.0
DATA = "data-"
BUSY = "Another request is writing this upload just now. Try again in a moment."


@dataclass(frozen=True)
class _Progress:
    """The hash of the first `upto` bytes."""

    hash: Any
    upto: int


class Partials:
    """Unfinished contents by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._progress: OrderedDict[str, _Progress] = OrderedDict()
        self._guard = threading.Lock()

    # looking -----------------------------------------------------------------------------------------------

    def size(self, name: str) -> int:
        """Bytes from the beginning to the last one written; 0 when nothing has come."""
        data = self._find(name)
        return data.stat().st_size if data is not None else 0

    def parts(self, name: str) -> dict[int, str]:
        """The tags of complete parts by their number."""
        found = {}
        folder = self.folder / name
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            tag = entry.read_text() if entry.name.isdigit() else ""
            if tag:
                found[int(entry.name)] = tag
        return found

    def untouched_since(self, moment: float) -> Iterator[str]:
        """Names on which nobody has worked since a Unix time."""
        for entry in sorted(self.folder.iterdir()):
            with suppress(FileNotFoundError):
                if max((file.stat().st_mtime for file in entry.iterdir()), default=0) < moment:
                    yield entry.name

    # writing -----------------------------------------------------------------------------------------------

    def append(self, name: str, start: int, size: int) -> "Piece":
        """Go on at the end, which must be at `start`. What comes is kept even if the request breaks off."""
        data = self._make(name)
        fd = os.open(data, os.O_RDWR | os.O_CLOEXEC)
        if not try_lock(fd) or not data.exists():
            os.close(fd)
            raise Conflict(BUSY)
        if os.fstat(fd).st_size != start:
            os.close(fd)
            raise Conflict("The upload stands at another offset. Ask for it and continue there.")
        return Piece(self, name, data, fd, start, size)

    def part(self, name: str, number: int, start: int, size: int) -> "Piece":
        """Fill the stretch of one part. A part that is complete takes the same bytes again and ignores them."""
        data = self._make(name)
        mark = _locked_mark(data.parent / str(number))
        try:
            tag = os.pread(mark, 64, 0).decode()
            fd = os.open(data, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError as error:
            os.close(mark)
            raise Conflict(BUSY) from error
        return Piece(self, name, data, fd, start, size, mark=mark, tag=tag)

    @contextmanager
    def sealed(self, name: str) -> Iterator["Sealed | None"]:
        """The finished file, for one caller at a time; None when nothing is there (any more)."""
        deadline = time.monotonic() + PATIENCE
        while True:
            data = self._find(name)
            if data is None:
                yield None
                return
            fd = os.open(data, os.O_RDWR | os.O_CLOEXEC)
            try:
                if try_lock(fd) and data.exists():
                    yield Sealed(fd, data, self._hash_of(data.name))
                    return
            finally:
                os.close(fd)
            if time.monotonic() > deadline:
                raise Conflict(BUSY)
            time.sleep(0.05)

    def drop(self, name: str) -> None:
        """Forget an upload; writers that still run write into nothing."""
        gone = self.folder.parent / f"{secrets.token_hex(16)}.gone"
        try:
            (self.folder / name).rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def _find(self, name: str) -> Path | None:
        return next((self.folder / name).glob(DATA + "*"), None)

    def _make(self, name: str) -> Path:
        """The data file, made together with its folder in one step."""
        found = self._find(name)
        if found is not None:
            return found
        fresh = self.folder.parent / f"{secrets.token_hex(16)}.gone"
        fresh.mkdir()
        (fresh / (DATA + secrets.token_hex(8))).touch()
        try:
            fresh.rename(self.folder / name)
        except OSError:
            shutil.rmtree(fresh)
        found = self._find(name)
        if found is None:
            raise Conflict(BUSY)
        return found

    # running hashes ----------------------------------------------------------------------------------------

    def _hash_of(self, data: str) -> _Progress:
        with self._guard:
            return self._progress.get(data) or _Progress(hashlib.sha256(), 0)

    def hash_at(self, data: str, start: int) -> Any | None:
        """A hash that stands at `start`, if there is one."""
        known = self._hash_of(data)
        return known.hash.copy() if known.upto == start else None

    def note_hash(self, data: str, running: Any, upto: int) -> None:
        with self._guard:
            self._progress[data] = _Progress(running, upto)
            self._progress.move_to_end(data)
            while len(self._progress) > MOST_HASHES:
                self._progress.popitem(last=False)


class Piece:
    """A stretch that one request fills: a part if there is a mark, else an addition at the end. A context manager."""

    def __init__(  # noqa: PLR0913 - made in two places only
        self,
        partials: Partials,
        name: str,
        data: Path,
        fd: int,
        start: int,
        size: int,
        *,
        mark: int | None = None,
        tag: str = "",
    ) -> None:
        self.start = start
        self.at = start
        self.size = size
        self.tag = tag
        self._partials = partials
        self._name = name
        self._data = data
        self._fd = fd
        self._mark = mark
        self._hash = None if tag else partials.hash_at(data.name, start)
        self._open = True

    def __enter__(self) -> "Piece":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, block: bytes) -> None:
        if self.at + len(block) > self.start + self.size:
            raise TooLarge(f"More than the {self.size} bytes that were announced.")
        if not self.tag:
            self._put(block)
        self.at += len(block)

    def _put(self, block: bytes) -> None:
        try:
            write_all(self._fd, block, self.at)
        except StorageFull:
            self._partials.drop(self._name)
            raise
        if self._hash is not None:
            self._hash.update(block)

    def finish(self) -> str:
        """The part is complete; its tag."""
        if self.at != self.start + self.size:
            raise BadRequest(f"{self.at - self.start} bytes came instead of {self.size}.")
        if not self.tag and self._mark is not None:
            self.tag = secrets.token_hex(16)
            write_all(self._mark, self.tag.encode(), 0)
            self._note()
        return self.tag

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        if self._mark is None:
            self._note()
        else:
            os.close(self._mark)
        os.close(self._fd)

    def _note(self) -> None:
        if self._hash is not None:
            self._partials.note_hash(self._data.name, self._hash, self.at)
            self._hash = None


class Sealed:
    """A finished file, to be checked and handed to the store."""

    def __init__(self, fd: int, path: Path, known: _Progress) -> None:
        self.path = path
        self.size = os.fstat(fd).st_size
        self._fd = fd
        self._known = known

    def sha256(self) -> str:
        """The hash of all bytes; only those are read that did not come in order."""
        running, at = self._known.hash.copy(), self._known.upto
        while block := os.pread(self._fd, BLOCK, at):
            running.update(block)
            at += len(block)
        return str(running.hexdigest())

    def seal(self) -> None:
        sync(self._fd)


def _locked_mark(path: Path) -> int:
    """Hold a part for one writer, waiting a while for one whose connection may be dead."""
    deadline = time.monotonic() + PATIENCE
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except FileNotFoundError as error:
        raise Conflict(BUSY) from error
    while not try_lock(fd):
        if time.monotonic() > deadline:
            os.close(fd)
            raise Conflict(BUSY)
        time.sleep(0.05)
    return fd
