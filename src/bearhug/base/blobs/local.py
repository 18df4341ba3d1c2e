"""Blobs in a local folder: `ab/cd/<sha256>`, written beside it under a temporary name, synced, then renamed."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bearhug.base.blobs.disk import locked, make_folder, sync_folder
from bearhug.base.blobs.incoming import Incoming, sweep
from bearhug.base.blobs.partial import Partials, Sealed
from bearhug.base.blobs.store import Blob
from bearhug.base.content import Content
from bearhug.base.errors import EntryNotFound, StorageFull

BLOCK = 4 << 20
RESERVE = 32 << 20
"""Room that uploads leave to the database and to git."""
GONE = "The content of this file is not on the hub."

_NAME = re.compile(r"[0-9a-f]{64}\Z")


class LocalBlobs:
    """A content store on the file system. `accel_prefix` is where a web server in front serves the same folder."""

    def __init__(self, root: Path, *, accel_prefix: str | None = None, reserve: int = RESERVE) -> None:
        self.root = root
        self._incoming = root / "incoming"
        self._locks = root / "locks"
        self._accel = accel_prefix.rstrip("/") if accel_prefix else None
        self._reserve = reserve
        for folder in (self._incoming, self._locks, self._incoming / "parts"):
            make_folder(folder)
        self.partials = Partials(self._incoming / "parts")

    # reading -----------------------------------------------------------------------------------------------

    def path(self, sha256: str) -> Path:
        """Where a content lies or would lie; the name must be a sha256 in lower case."""
        return self.root / _below(sha256)

    def size(self, sha256: str) -> int | None:
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def content(self, sha256: str) -> Content:
        below = _below(sha256)
        path = f"{self.root}/{below}"
        try:
            size = os.stat(path).st_size  # noqa: PTH116 - of every download, and a Path costs more than the question
        except FileNotFoundError as error:
            raise EntryNotFound(GONE) from error
        accel = f"{self._accel}/{below}" if self._accel else None
        return Content(size, f'"{sha256}"', path=path, accel=accel)

    def blocks(self, sha256: str) -> Iterator[bytes]:
        try:
            file = self.path(sha256).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise EntryNotFound(GONE) from error
        with file:
            while block := file.read(BLOCK):
                yield block

    def walk(self) -> Iterator[Blob]:
        for path in sorted(self.root.glob("??/??/*")):
            if _NAME.match(path.name):
                facts = path.stat()
                yield Blob(path.name, facts.st_size, facts.st_mtime)

    # writing -----------------------------------------------------------------------------------------------

    def receive(self, limit: int, *, known: bool) -> Incoming:
        if known:
            return Incoming(None, limit)
        self.check_room(limit)
        return Incoming(self._incoming, limit)

    def check_room(self, size: int) -> None:
        """Refuse at once what cannot fit, before anybody sends it."""
        if self.free() < size + self._reserve:
            raise StorageFull

    def keep(self, incoming: Incoming | Sealed, sha256: str) -> bool:
        path = self.path(sha256)
        if incoming.path is None or path.exists():
            return False
        incoming.seal()
        make_folder(path.parent)
        incoming.path.rename(path)
        sync_folder(path.parent)
        if isinstance(incoming, Incoming):
            incoming.moved()
        return True

    def remove(self, sha256: str) -> bool:
        try:
            self.path(sha256).unlink()
        except FileNotFoundError:
            return False
        return True

    def lock(self, sha256: str) -> AbstractContextManager[None]:
        return locked(self._locks / sha256[:2])

    def sweep(self) -> int:
        count = sweep(self._incoming)
        for folder in self._incoming.glob("*.gone"):
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
        return count

    def free(self) -> int:
        """Bytes that the disk has left."""
        usage = os.statvfs(self.root)
        return usage.f_bavail * usage.f_frsize


def _below(sha256: str) -> str:
    if not _NAME.match(sha256):
        raise EntryNotFound("This is not a sha256.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
