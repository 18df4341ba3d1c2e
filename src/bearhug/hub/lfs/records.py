"""Large objects, what clients ask about them, and what signed addresses allow."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SEND = "lfs-send"
FETCH = "lfs-fetch"


@dataclass(frozen=True)
class Link:
    """A repository holds an object; `committed_at` is None until a commit refers to it."""

    oid: str
    size: int
    uploaded_at: datetime
    committed_at: datetime | None


@dataclass(frozen=True)
class Usage:
    """Bytes of large files: as their repositories count them, and each content once."""

    logical: int
    distinct: int


@dataclass(frozen=True)
class WholeBytes:
    """Bytes of whole files, and how many of them other repositories hold too."""

    stored: int
    shared: int


class Transfer(StrEnum):
    """How bytes travel, as the batch API spells it."""

    BASIC = "basic"
    MULTIPART = "multipart"
    TUS = "tus"
    XET = "xet"


@dataclass(frozen=True)
class Wanted:
    """One object of a batch; `problem` says why it cannot be meant."""

    oid: str
    size: int
    problem: str = ""


@dataclass(frozen=True)
class Batch:
    """What a client wants to send or fetch."""

    upload: bool
    transfers: tuple[str, ...]
    objects: tuple[Wanted, ...]


@dataclass(frozen=True)
class Ticket:
    """What a signed address allows: `purpose` on one object of one repository, until a Unix time."""

    purpose: str
    repo_id: int
    oid: str
    size: int
    until: int


@dataclass(frozen=True)
class Offer:
    """The answer about one object: an error, or a ticket to use, or nothing to do because it is there."""

    oid: str
    size: int
    ticket: Ticket | None = None
    part_size: int | None = None
    code: int = 0
    message: str = ""


@dataclass(frozen=True)
class Offers:
    """The answers of a batch and the transfer that they are meant for."""

    transfer: Transfer
    offers: tuple[Offer, ...]
