"""What a client of Xet may do, and what it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bearhug.formats.xet_shard import ShardFooter
from bearhug.formats.xet_xorb import XorbIndex
from bearhug.hub.recipes.records import Piece

Range = tuple[int, int]


class Scope(StrEnum):
    """What a token is good for, as the address of the token route spells it."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Ticket:
    """What a token says: one repository, read or write, until a Unix time.

    `insider` is whether its bearer may read everything in the namespace of the repository.
    """

    repo_id: int
    scope: Scope
    user_id: int
    insider: bool
    until: int


@dataclass(frozen=True)
class Pass:
    """A token with the place where it is good."""

    token: str
    until: int
    path: str


@dataclass(frozen=True)
class Visit:
    """A checked ticket and the owner of its repository."""

    ticket: Ticket
    owner_id: int

    @property
    def repo_id(self) -> int:
        return self.ticket.repo_id

    @property
    def knowers(self) -> tuple[int, ...]:
        """In whose name xorbs are sent and named: the bearer's, and the namespace's only if they read all of it."""
        ours = {self.owner_id} if self.ticket.insider else set()
        return tuple(sorted(ours | {self.ticket.user_id}))


@dataclass(frozen=True)
class Stretch:
    """Chunks [start, end) of a xorb and the bytes [first, after) of its body that hold them."""

    start: int
    end: int
    first: int
    after: int


@dataclass(frozen=True)
class Reconstruction:
    """How to put a range of a file together; `skip` bytes of its first piece come before what was asked for."""

    skip: int
    pieces: Sequence[Piece]
    stretches: Mapping[bytes, Sequence[Stretch]]


@dataclass(frozen=True)
class ChunkLists:
    """The answer to a deduplication query."""

    xorbs: Sequence[XorbIndex]
    about: ShardFooter
