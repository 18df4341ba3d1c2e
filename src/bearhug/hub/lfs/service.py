"""The rules of large files: what may be sent and fetched, what a repository holds, what it counts."""

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from bearhug.base import clock
from bearhug.base.content import Content
from bearhug.base.db import Tx
from bearhug.base.errors import BadRequest, EntryNotFound, NotFound, TooLarge, Unauthenticated
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.lfs import claims, store
from bearhug.hub.lfs.records import FETCH, SEND, Batch, Link, Offer, Offers, Ticket, Transfer, Usage, Wanted, WholeBytes
from bearhug.hub.lfs.tickets import Tickets
from bearhug.hub.lfs.uploads import BasicUpload, PartUpload, ResumedUpload, arrived, arrived_parts, complete
from bearhug.hub.objects.records import FILE, XET, StoredObject
from bearhug.hub.objects.service import Objects
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

MIB = 1 << 20
LARGEST = 1 << 40
ONE_REQUEST = 1024 * MIB
"""What clients that know parts still send in one go."""
PART = 128 * MIB
MOST_PARTS = 1000
UNCOMMITTED = timedelta(days=7)
"""How long an upload waits for its commit, or for its other parts."""
GRACE = timedelta(days=1)
"""How long an object stays that nobody holds."""
PURGE = "lfs.purge"
"""The job that removes objects which somebody deleted for good."""
OVER_QUOTA = "The repository would be larger than this hub allows."


class Lfs:
    """Large files of repositories."""

    def __init__(self, repos: Repos, objects: Objects, tickets: Tickets, *, quota: int | None = None) -> None:
        self.repos = repos
        self.objects = objects
        self.tickets = tickets
        self._quota = quota

    # the batch API -----------------------------------------------------------------------------------------

    def batch(self, actor: Actor, name: RepoName, asked: Batch) -> Offers:
        """What to do about each object. A repository has what was sent to it, whatever others hold."""
        if asked.upload and actor.is_anonymous:
            with self.repos.db.reading() as tx:
                self.repos.open(tx, actor, name)
            raise Unauthenticated("Sign in to send files.")
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.WRITE if asked.upload else Level.READ)
            held = store.all_linked(tx, repo.id, [item.oid for item in asked.objects if not item.problem])
            free = self._free(tx, repo)
        if not asked.upload:
            return Offers(Transfer.BASIC, tuple(self._fetch_offer(repo, item, held) for item in asked.objects))
        transfer = _transfer(asked)
        return Offers(transfer, tuple(self._send_offers(repo, asked.objects, held, free, transfer)))

    def _free(self, tx: Tx, repo: Repo) -> int | None:
        """Bytes that the repository may still take; None for no limit."""
        return None if self._quota is None else self._quota - self.repo_usage(tx, repo.id)

    def _fetch_offer(self, repo: Repo, item: Wanted, held: dict[str, StoredObject]) -> Offer:
        found = held.get(item.oid)
        if item.problem:
            return Offer(item.oid, item.size, code=422, message=item.problem)
        if found is None or not self.objects.has(found):
            return Offer(item.oid, item.size, code=404, message="This repository does not hold the object.")
        if found.size != item.size:
            return Offer(item.oid, item.size, code=422, message=f"The object has {found.size} bytes.")
        return Offer(item.oid, item.size, self.tickets.give(FETCH, repo.id, item.oid, item.size))

    def _send_offers(
        self,
        repo: Repo,
        items: Sequence[Wanted],
        held: dict[str, StoredObject],
        free: int | None,
        transfer: Transfer,
    ) -> list[Offer]:
        offers = []
        for item in items:
            found = held.get(item.oid)
            code, message = _refusal(item, found, free)
            if code:
                offers.append(Offer(item.oid, item.size, code=code, message=message))
            elif found is not None and self.objects.has(found):
                offers.append(Offer(item.oid, item.size))
            else:
                ticket = self.tickets.give(SEND, repo.id, item.oid, item.size)
                part = part_size(item.size) if transfer is Transfer.MULTIPART else None
                offers.append(Offer(item.oid, item.size, ticket, part))
                free = None if free is None else free - item.size
        return offers

    # sending -----------------------------------------------------------------------------------------------

    def send(self, ticket: Ticket) -> BasicUpload:
        """Take a whole object in one request."""
        self._still_there(ticket)
        return BasicUpload(self.objects, ticket, self._link)

    def send_part(self, ticket: Ticket, number: int) -> PartUpload:
        """Take one part; parts are counted from 1 and may come in any order, more than once, after restarts."""
        self._still_there(ticket)
        return PartUpload(self.objects, ticket, number, part_size(ticket.size))

    def resume(self, ticket: Ticket, offset: int) -> ResumedUpload:
        """Go on with an object at `offset`; what comes stays even if the connection breaks."""
        self._still_there(ticket)
        return ResumedUpload(self.objects, ticket, self._link, offset)

    def offset(self, ticket: Ticket) -> int:
        """How many bytes of an upload in order have come; all of them when the repository holds the object."""
        self._still_there(ticket)
        return ticket.size if self.holds(ticket) else arrived(self.objects, ticket, self._link)

    def parts(self, ticket: Ticket) -> dict[int, str]:
        """The parts that have come, with their tags."""
        self._still_there(ticket)
        return arrived_parts(self.objects, ticket, part_size(ticket.size))

    def complete(self, ticket: Ticket, parts: dict[int, str]) -> None:
        """Put the parts together and verify the whole; harmless when that has been done."""
        self._still_there(ticket)
        if not self.holds(ticket):
            complete(self.objects, ticket, self._link, part_size(ticket.size), parts)

    def holds(self, ticket: Ticket) -> bool:
        with self.repos.db.reading() as tx:
            found = store.linked(tx, ticket.repo_id, ticket.oid)
        return found is not None and found.size == ticket.size and self.objects.has(found)

    def verify(self, ticket: Ticket, size: int) -> None:
        """Whether an upload arrived, as clients ask afterwards."""
        if size != ticket.size:
            raise BadRequest(f"The object has {ticket.size} bytes, not {size}.")
        if not self.holds(ticket):
            raise NotFound("This repository does not hold the object.")

    def fetch(self, ticket: Ticket) -> Content:
        """The bytes that a ticket allows to fetch; the repository must still hold them."""
        self._still_there(ticket)
        with self.repos.db.reading() as tx:
            return self.content(tx, ticket.repo_id, ticket.oid)

    def _link(self, tx: Tx, ticket: Ticket) -> None:
        """The repository has proved that it possesses the bytes, so it holds the object."""
        self.hold(tx, ticket.repo_id, ticket.oid)

    def _check_quota(self, tx: Tx, repo_id: int) -> None:
        if self._quota is not None and self.repo_usage(tx, repo_id) > self._quota:
            raise TooLarge(OVER_QUOTA)

    def _still_there(self, ticket: Ticket) -> None:
        with self.repos.db.reading() as tx:
            repo = self.repos.get(tx, ticket.repo_id)
        if repo is None or repo.disabled:
            raise NotFound("The repository is gone.")

    # what other rooms ask ----------------------------------------------------------------------------------

    def stored(self, tx: Tx, repo_id: int, oid: str) -> StoredObject:
        """The object behind a pointer; EntryNotFound when this repository does not hold it."""
        found = store.linked(tx, repo_id, oid)
        if found is None:
            raise EntryNotFound("The content of this file was never sent to this repository, or it was deleted.")
        return found

    def content(self, tx: Tx, repo_id: int, oid: str) -> Content:
        """The bytes behind a pointer; EntryNotFound when this repository does not hold the object."""
        return self.objects.content(self.stored(tx, repo_id, oid))

    def size_of(self, tx: Tx, repo_id: int, oid: str) -> int | None:
        """Bytes of an object that this repository holds."""
        found = store.linked(tx, repo_id, oid)
        return found.size if found else None

    def linked_sizes(self, tx: Tx, repo_id: int, oids: Collection[str]) -> dict[str, int]:
        """Bytes of those objects that this repository holds."""
        return {oid: found.size for oid, found in store.all_linked(tx, repo_id, oids).items()}

    def missing(self, tx: Tx, repo_id: int, oids: Collection[str]) -> set[str]:
        """Objects that must be sent before a commit may refer to them."""
        return set(oids) - store.all_linked(tx, repo_id, oids).keys()

    def link(self, tx: Tx, repo_id: int, oids: Collection[str]) -> None:
        """A commit refers to these objects: they stay. Possession comes from sending, so unknown ones are left out."""
        if oids:
            store.commit(tx, repo_id, oids, clock.now())
            self._count(tx, repo_id)

    def copy(self, tx: Tx, source_id: int, target_id: int, oids: Collection[str] | None = None) -> None:
        """Let another repository hold the same objects; None means all that are committed. The caller asked `open`."""
        store.copy(tx, source_id, target_id, oids, clock.now())
        self._check_quota(tx, target_id)
        self._count(tx, target_id)

    def unlink(self, tx: Tx, repo_id: int, oids: Collection[str]) -> None:
        """The repository gives the objects up; those that nobody holds any more are removed by `collect`."""
        store.remove(tx, repo_id, oids)
        self.objects.touch(tx, oids)
        self._count(tx, repo_id)

    def committed(self, tx: Tx, repo_id: int, *, after: str, limit: int) -> list[Link]:
        """What a repository holds and has committed, by oid, behind `after`."""
        return store.committed(tx, repo_id, after=after, limit=limit)

    def largest(self, tx: Tx, repo_id: int, *, skip: int, limit: int) -> list[Link]:
        """The same, the largest first."""
        return store.largest(tx, repo_id, skip=skip, limit=limit)

    # what arrived as chunks --------------------------------------------------------------------------------

    def claim(self, tx: Tx, repo_id: int, oid: str, size: int, xet_hash: str) -> None:
        """A client sent this file as chunks and says what its sha256 is; its own repository alone believes that."""
        claims.add(tx, Link(oid, size, clock.now(), None), repo_id, xet_hash)
        self._check_quota(tx, repo_id)

    def prove(self, tx: Tx, xet_hash: str, oid: str, size: int) -> list[int]:
        """The hub has computed the sha256 of a file in chunks: it is an object for everybody who holds it.

        Claims of another sha256 for the same file are untrue and go; the repositories that made them.
        """
        present = self.objects.get(tx, oid)
        if present is None or present.backing == FILE or not self.objects.has(present):
            self.objects.turn(tx, StoredObject(oid, size, XET, xet_hash))
        claims.settle(tx, xet_hash, oid)
        return claims.drop(tx, xet_hash)

    def hold(self, tx: Tx, repo_id: int, oid: str) -> None:
        """The repository has sent bytes that are known to be this object's."""
        store.add(tx, repo_id, oid, clock.now())
        self._check_quota(tx, repo_id)

    def xet_hashes(self, tx: Tx, repo_id: int, oids: Collection[str]) -> dict[str, str]:
        """The Xet hash of those objects of the repository that are kept as chunks."""
        return {oid: found.xet_hash for oid, found in store.all_linked(tx, repo_id, oids).items() if found.xet_hash}

    def may_read(self, tx: Tx, repo_id: int, xet_hash: str, oid: str | None) -> bool:
        """Whether a file in chunks, of which `oid` is the proved sha256, belongs to the repository."""
        return claims.reads(tx, repo_id, xet_hash, oid)

    def files_in_chunks(self, tx: Tx, repo_id: int, *, limit: int) -> list[str]:
        """The Xet hashes of what the repository has committed, newest first."""
        return claims.newest(tx, repo_id, limit=limit)

    def whole_files(self, tx: Tx, repo_id: int, *, limit: int) -> list[StoredObject]:
        """What a repository has committed and is kept as whole files with at least a byte, in order of commits."""
        return store.whole_files(tx, repo_id, limit=limit)

    def repos_with_whole_files(self, tx: Tx) -> list[int]:
        """Repositories that have such files."""
        return store.repos_with_whole_files(tx)

    def readers(self, tx: Tx, xet_hash: str) -> list[Repo]:
        """The repositories that hold a file in chunks."""
        return claims.readers(tx, xet_hash)

    def files_of(self, tx: Tx, repo_ids: Collection[int]) -> set[str]:
        """The Xet hashes of all that repositories hold."""
        return claims.files_of(tx, repo_ids)

    def every_file(self, tx: Tx) -> set[str]:
        """The Xet hashes of all that anybody holds."""
        return claims.every_file(tx)

    def held_elsewhere(self, tx: Tx, xet_hashes: Collection[str], repo_ids: Collection[int]) -> set[str]:
        """Those of the files in chunks that a repository other than these holds."""
        return claims.held_elsewhere(tx, xet_hashes, repo_ids)

    def whole_bytes(self, tx: Tx, repo_ids: Collection[int]) -> WholeBytes:
        """What repositories hold as whole files, each content once."""
        return store.whole_bytes(tx, repo_ids)

    def every_whole_byte(self, tx: Tx) -> int:
        """What anybody holds as whole files, each content once."""
        return store.every_whole_byte(tx)

    def needed(self, tx: Tx, xet_hashes: Collection[str]) -> set[str]:
        """Those of the files in chunks that a repository claims or an object consists of."""
        return claims.needed(tx, xet_hashes)

    def has_committed(self, tx: Tx, repo_id: int, before: datetime) -> bool:
        """Whether a repository committed anything large before a moment."""
        return store.has_committed(tx, repo_id, before)

    def committed_among(self, tx: Tx, repo_id: int, oids: Collection[str]) -> set[str]:
        """Those of the objects that a commit of the repository refers to."""
        return store.committed_among(tx, repo_id, oids)

    def repo_usage(self, tx: Tx, repo_id: int) -> int:
        """Bytes of everything a repository holds."""
        return store.repo_usage(tx, repo_id, committed=False)

    def usage(self, tx: Tx, owner_id: int | None = None) -> Usage:
        """Bytes of an owner's repositories, or of the whole hub."""
        return store.usage(tx, owner_id)

    # removing ----------------------------------------------------------------------------------------------

    def purge(self, oid: str) -> int:
        """Remove an object at once unless some repository holds it; the bytes that became free."""
        return self.objects.purge(oid, store.held)

    def unheld(self) -> Iterator[StoredObject]:
        """What `collect` would remove of objects."""
        for page in self.objects.walk(before=clock.now() - GRACE):
            with self.repos.db.reading() as tx:
                held = store.held(tx, [found.oid for found in page])
            yield from (found for found in page if found.oid not in held)

    def collect(self) -> int:
        """Remove what nobody holds or ever committed, after a time of grace; the bytes that became free."""
        moment = clock.now()
        with self.repos.db.writing() as tx:
            store.drop_uncommitted(tx, moment - UNCOMMITTED)
        partials = self.objects.blobs.partials
        for name in list(partials.untouched_since(time.time() - UNCOMMITTED.total_seconds())):
            partials.drop(name)
        self.objects.purge_strays(time.time() - GRACE.total_seconds())
        return self.objects.purge_unheld(moment - GRACE, store.held)

    def _count(self, tx: Tx, repo_id: int) -> None:
        self.repos.add_storage(tx, repo_id, store.repo_usage(tx, repo_id, committed=True))


def part_size(size: int) -> int:
    """How an object is cut: whole MiB, at most a thousand parts."""
    return max(PART, ceil(size / MOST_PARTS / MIB) * MIB)


def _transfer(asked: Batch) -> Transfer:
    """As chunks where the client can, or resumable; parts where it can and something is large."""
    if Transfer.XET in asked.transfers:
        return Transfer.XET
    if Transfer.TUS in asked.transfers:
        return Transfer.TUS
    large = any(item.size > ONE_REQUEST for item in asked.objects)
    return Transfer.MULTIPART if large and Transfer.MULTIPART in asked.transfers else Transfer.BASIC


def _refusal(item: Wanted, found: StoredObject | None, free: int | None) -> tuple[int, str]:
    """Why an object cannot be sent; (0, '') if it can."""
    if item.problem:
        return 422, item.problem
    if found is not None and found.size != item.size:
        return 422, f"The object has {found.size} bytes, not {item.size}."
    if item.size > LARGEST:
        return 413, f"One file may have at most {LARGEST} bytes."
    if found is None and free is not None and item.size > free:
        return 413, OVER_QUOTA
    return 0, ""
