"""Uploads under way: write blocks, then `finish` verifies and keeps the object. Each is closed by whoever opened it."""

from collections.abc import Callable
from math import ceil
from typing import Protocol

from bearhug.base.blobs.incoming import Incoming
from bearhug.base.blobs.partial import Sealed
from bearhug.base.db import Tx
from bearhug.base.errors import BadRequest, NotFound, Unprocessable
from bearhug.hub.lfs.records import Ticket
from bearhug.hub.objects.service import Objects

Link = Callable[[Tx, Ticket], None]
"""Writes the row that the ticket's repository holds the object now."""


class Upload(Protocol):
    """What the edge does with every upload; `expects` is the number of bytes that the request may bring at most."""

    @property
    def expects(self) -> int: ...

    def write(self, block: bytes) -> None: ...

    def finish(self) -> str:
        """A tag of what came: the part's, else the object's sha256."""
        ...

    def close(self) -> None: ...


class BasicUpload:
    """A whole object in one request; nothing is left of one that fails."""

    def __init__(self, objects: Objects, ticket: Ticket, link: Link) -> None:
        self._objects = objects
        self._ticket = ticket
        self._link = link
        self._incoming = objects.receive(ticket.oid, ticket.size)

    @property
    def expects(self) -> int:
        return self._ticket.size

    def write(self, block: bytes) -> None:
        self._incoming.write(block)

    def finish(self) -> str:
        _verify(self._ticket, self._incoming)
        self._objects.keep(self._incoming, self._ticket.oid, lambda tx: self._link(tx, self._ticket))
        return self._ticket.oid

    def close(self) -> None:
        self._incoming.discard()


class PartUpload:
    """One part of an object; the parts stay until `complete` or until nobody touches them for days."""

    def __init__(self, objects: Objects, ticket: Ticket, number: int, part_size: int) -> None:
        self.expects = part_length(ticket.size, number, part_size)
        start = (number - 1) * part_size
        objects.blobs.check_room(self.expects)
        self._piece = objects.blobs.partials.part(_name(ticket, part_size), number, start, self.expects)

    def write(self, block: bytes) -> None:
        self._piece.write(block)

    def finish(self) -> str:
        return self._piece.finish()

    def close(self) -> None:
        self._piece.close()


class ResumedUpload:
    """The rest of an object from an offset on; once all of it is there it is verified and kept."""

    def __init__(self, objects: Objects, ticket: Ticket, link: Link, offset: int) -> None:
        self._objects = objects
        self._ticket = ticket
        self._link = link
        self.size = ticket.size
        self.expects = max(ticket.size - offset, 0)
        objects.blobs.check_room(self.expects)
        self._piece = objects.blobs.partials.append(_name(ticket, 0), offset, self.expects)

    @property
    def at(self) -> int:
        return self._piece.at

    def write(self, block: bytes) -> None:
        self._piece.write(block)

    def finish(self) -> str:
        self._piece.close()
        if self.at == self._ticket.size:
            _keep_whole(self._objects, self._ticket, self._link, _name(self._ticket, 0))
        return self._ticket.oid

    def close(self) -> None:
        self._piece.close()


def arrived(objects: Objects, ticket: Ticket, link: Link) -> int:
    """Bytes that came in order. All of them but no object: the hub was stopped before the check, so it is done now."""
    name = _name(ticket, 0)
    count = objects.blobs.partials.size(name)
    if count < ticket.size or count == 0:
        return count
    try:
        _keep_whole(objects, ticket, link, name)
    except Unprocessable:
        return 0
    return ticket.size


def arrived_parts(objects: Objects, ticket: Ticket, part_size: int) -> dict[int, str]:
    """The parts that came, with their tags."""
    return objects.blobs.partials.parts(_name(ticket, part_size))


def part_length(size: int, number: int, part_size: int) -> int:
    """Bytes of a part, counted from 1."""
    count = ceil(size / part_size)
    if not 1 <= number <= count:
        raise BadRequest(f"This object has parts 1 to {count}.")
    return min(part_size, size - (number - 1) * part_size)


def complete(objects: Objects, ticket: Ticket, link: Link, part_size: int, parts: dict[int, str]) -> None:
    """Check that the client speaks of the parts that came, then verify and keep the whole."""
    name = _name(ticket, part_size)
    present = objects.blobs.partials.parts(name)
    if len(present) != ceil(ticket.size / part_size):
        raise BadRequest("Some parts have not come yet.")
    if any(present.get(number) != tag for number, tag in parts.items() if tag):
        raise BadRequest("The parts are not those that were sent.")
    if ticket.size == 0:
        objects.blobs.partials.append(name, 0, 0).close()
    _keep_whole(objects, ticket, link, name)


def _keep_whole(objects: Objects, ticket: Ticket, link: Link, name: str) -> None:
    """Verify the file that pieces made; what does not match is dropped, so that a new attempt can begin."""
    partials = objects.blobs.partials
    with partials.sealed(name) as whole:
        if whole is None:
            raise NotFound("Nothing of this object has come.")
        try:
            _verify(ticket, whole)
        except Unprocessable:
            partials.drop(name)
            raise
        objects.keep(whole, ticket.oid, lambda tx: link(tx, ticket))
    partials.drop(name)


def _verify(ticket: Ticket, came: Incoming | Sealed) -> None:
    if came.size != ticket.size:
        raise Unprocessable(f"{came.size} bytes came, but the object has {ticket.size}.")
    if came.sha256() != ticket.oid:
        raise Unprocessable("The sha256 of what came is not the object's. Nothing was kept.")


def _name(ticket: Ticket, part_size: int) -> str:
    """Uploads of one object to two repositories do not meet, nor do two ways of cutting it."""
    return f"{ticket.repo_id}-{part_size}-{ticket.oid}"
