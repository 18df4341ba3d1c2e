"""Archives: what lies in a zip or tar, from its own lists; nothing is unpacked to the disk."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bearhug.hub.previews.records import Sight, Unreadable

SHOWN = 300
MOST_READ = 8 << 20
"""Bytes that looking into an archive may read in all."""
MOST_UNPACKED = 16 << 20
"""Bytes that a packed tar may become before its list ends."""
LONGEST_NAME = 300
PACKED = (".tar.gz", ".tgz")


@dataclass(frozen=True)
class Member:
    """A file in an archive."""

    name: str
    size: int
    is_folder: bool


@dataclass(frozen=True)
class Listing:
    """The first members; `total` is their number where the archive says it, `cut` whether there are more."""

    members: list[Member]
    total: int | None
    cut: bool


class _Window(io.RawIOBase):
    """A file over a content, for libraries that want one; reading too much is an error."""

    def __init__(self, sight: Sight, most: int) -> None:
        self._sight = sight
        self._left = most
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._sight.size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        room = max(self._sight.size - self._at, 0)
        wanted = room if size is None or size < 0 else min(size, room)
        if wanted > self._left:
            raise Unreadable("its list is larger than can be shown")
        self._left -= wanted
        found = self._sight.content.read_at(self._at, wanted) if wanted else b""
        self._at += len(found)
        return found


def archive(sight: Sight) -> Listing:
    """The members of a zip, a tar or a packed tar."""
    name = sight.path.lower()
    look: Callable[[Sight], Listing] = _zip if name.endswith(".zip") else _packed if name.endswith(PACKED) else _tar
    try:
        return look(sight)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise Unreadable("it is no archive") from error


def _zip(sight: Sight) -> Listing:
    with zipfile.ZipFile(_Window(sight, MOST_READ)) as found:
        infos = found.infolist()
    members = [Member(info.filename[:LONGEST_NAME], info.file_size, info.is_dir()) for info in infos[:SHOWN]]
    return Listing(members, len(infos), len(infos) > SHOWN)


def _tar(sight: Sight) -> Listing:
    with tarfile.open(fileobj=_Window(sight, MOST_READ), mode="r:") as found:
        return _members(found)


def _packed(sight: Sight) -> Listing:
    """The members whose heads lie in the first bytes that come out; a bomb ends there too."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    start = unpacker.decompress(sight.start(MOST_READ), MOST_UNPACKED)
    with tarfile.open(fileobj=io.BytesIO(start), mode="r:") as found:
        listing = _members(found)
    whole = unpacker.eof and len(start) < MOST_UNPACKED
    return Listing(listing.members, None, listing.cut or not whole)


def _members(found: tarfile.TarFile) -> Listing:
    infos: list[tarfile.TarInfo] = []
    cut = False
    try:
        infos.extend(islice(found, SHOWN + 1))
    except (tarfile.TarError, Unreadable):
        cut = True
    if not infos:
        raise Unreadable("it is empty")
    members = [Member(info.name[:LONGEST_NAME], info.size, info.isdir()) for info in infos[:SHOWN]]
    return Listing(members, None if cut or len(infos) > SHOWN else len(infos), cut or len(infos) > SHOWN)
