"""The files of xorbs: `ab/cd/<hash>`, the body and behind it a footer from which its row can be made again."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bearhug.base.blobs.disk import locked, make_folder
from bearhug.base.blobs.incoming import sweep
from bearhug.base.errors import EntryNotFound, StorageFull
from bearhug.formats.xet_footer import MAX_FOOTER, footer_length, read_footer, write_footer
from bearhug.formats.xet_hashes import HASH_LENGTH, hash_from_text, hash_to_text
from bearhug.formats.xet_xorb import MAX_BODY, XorbIndex
from bearhug.hub.xorbs.spool import Spool

RESERVE = 32 << 20
"""Room that uploads leave to the database and to git."""
GONE = "The chunks of this file are not on the hub."


class Bodies:
    """Xorbs in a local folder. Callers hold `lock` around keeping or removing and their own rows."""

    def __init__(self, root: Path, *, reserve: int = RESERVE) -> None:
        self.root = root
        self._incoming = root / "incoming"
        self._locks = root / "locks"
        self._reserve = reserve
        for folder in (self._incoming, self._locks):
            make_folder(folder)

    # reading -----------------------------------------------------------------------------------------------

    def path(self, xorb_hash: bytes) -> Path:
        name = hash_to_text(xorb_hash)
        return self.root / name[:2] / name[2:4] / name

    def is_whole(self, xorb_hash: bytes, index_length: int, body_length: int) -> bool:
        """Whether the file is there with the body and the footer of so many chunks."""
        try:
            return self.path(xorb_hash).stat().st_size == body_length + footer_length(index_length)
        except FileNotFoundError:
            return False

    def read(self, xorb_hash: bytes, start: int, end: int) -> bytes:
        """The bytes [start, end) of a body."""
        with self._open(xorb_hash) as fd:
            return os.pread(fd, end - start, start)

    def read_into(self, xorb_hash: bytes, start: int, rooms: Sequence[memoryview]) -> int:
        """Fill at most 1,024 rooms with the bytes of a body from `start` on; how many there were."""
        with self._open(xorb_hash) as fd:
            return os.preadv(fd, rooms, start)

    @contextmanager
    def _open(self, xorb_hash: bytes) -> Iterator[int]:
        try:
            fd = os.open(self.path(xorb_hash), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise EntryNotFound(GONE) from error
        try:
            yield fd
        finally:
            os.close(fd)

    def footer(self, xorb_hash: bytes) -> XorbIndex:
        """The index that a file carries itself; `XorbFormatError` when there is none that can be true."""
        with self.path(xorb_hash).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - MAX_FOOTER))
            return read_footer(file.read(MAX_FOOTER))

    def walk(self) -> Iterator[bytes]:
        """The hashes of all files, in order of their names."""
        for path in sorted(self.root.glob("??/??/*")):
            if len(path.name) == 2 * HASH_LENGTH:
                yield hash_from_text(path.name)

    # writing -----------------------------------------------------------------------------------------------

    def receive(self, expected: int = MAX_BODY) -> Spool:
        """A place for a body of at most 65 MiB, refused at once when the disk has no room for what is expected."""
        self.check_room(min(expected, MAX_BODY))
        return Spool(self._incoming, MAX_BODY + MAX_FOOTER)

    def check_room(self, expected: int) -> None:
        """`StorageFull` when so many bytes would eat into what uploads leave to others."""
        if shutil.disk_usage(self.root).free < expected + self._reserve:
            raise StorageFull

    def keep(self, body: Spool, index: XorbIndex) -> None:
        """Put a verified body in its place, durably, its footer behind it."""
        body.cut(index.body_length)
        body.write(write_footer(index))
        path = self.path(index.xorb_hash)
        make_folder(path.parent)
        body.keep(path)

    def remove(self, xorb_hash: bytes) -> None:
        self.path(xorb_hash).unlink(missing_ok=True)

    def lock(self, xorb_hash: bytes) -> AbstractContextManager[None]:
        """One at a time keeps or removes this xorb, across processes."""
        return locked(self._locks / hash_to_text(xorb_hash)[:2])

    def sweep(self) -> int:
        """Remove what writers left that died."""
        return sweep(self._incoming)
