"""What a content store can do, wherever it keeps the bytes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bearhug.base.blobs.incoming import Incoming
from bearhug.base.blobs.partial import Partials, Sealed
from bearhug.base.content import Content


@dataclass(frozen=True)
class Blob:
    """One stored content; `modified` in Unix seconds."""

    sha256: str
    size: int
    modified: float


class Blobs(Protocol):
    """Contents by sha256, each kept once. Callers hold `lock` around keeping or removing and their own rows."""

    partials: Partials

    def receive(self, limit: int, *, known: bool) -> Incoming:
        """A place for at most `limit` bytes; `known` only checks them, because they are stored already."""
        ...

    def check_room(self, size: int) -> None:
        """Refuse at once what cannot fit, before anybody sends it."""
        ...

    def keep(self, incoming: Incoming | Sealed, sha256: str) -> bool:
        """Store what came under its name; False when it is there already. The caller has compared the hash."""
        ...

    def content(self, sha256: str) -> Content:
        """The bytes for sending, in whole or in part."""
        ...

    def blocks(self, sha256: str) -> Iterator[bytes]:
        """The bytes in order, a few MiB at a time."""
        ...

    def size(self, sha256: str) -> int | None:
        """Bytes; None when it is not there."""
        ...

    def remove(self, sha256: str) -> bool:
        """Delete; False when it was not there."""
        ...

    def walk(self) -> Iterator[Blob]:
        """Everything stored, in order of the names."""
        ...

    def lock(self, sha256: str) -> AbstractContextManager[None]:
        """One at a time keeps or removes this content, across processes."""
        ...

    def sweep(self) -> int:
        """Remove what writers left that died; the number of things removed."""
        ...
