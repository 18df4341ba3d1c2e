"""The rules of Xet: who gets a token, which xorbs and shards are taken, who may put which file together."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bearhug.base.db import Tx, after_commit
from bearhug.base.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    RangeNotSatisfiable,
    Unauthenticated,
)
from bearhug.base.events import Bus
from bearhug.formats.xet_hashes import hash_from_text
from bearhug.formats.xet_shard import FileRecipe, Shard
from bearhug.formats.xet_xorb import MAX_BODY, XorbIndex
from bearhug.hub.access.records import Actor, Level, Target
from bearhug.hub.access.rules import level_on, may_write_account
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.recipes.records import Piece, Recipe
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.settings.records import Reach
from bearhug.hub.xet import shards, store
from bearhug.hub.xet.knowledge import Knowledge
from bearhug.hub.xet.records import ChunkLists, Pass, Reconstruction, Scope, Stretch, Ticket, Visit
from bearhug.hub.xet.sessions import Session, Sessions
from bearhug.hub.xet.shards import Tell
from bearhug.hub.xet.tokens import LIFETIME, Tokens
from bearhug.hub.xorbs.service import Xorbs
from bearhug.hub.xorbs.spool import Spool

PREFIX = "/xet"
VERIFY = "xet.verify"
EPOCH_SECONDS = 5.0


@dataclass(frozen=True)
class Rooms:
    """What Xet stands on."""

    repos: Repos
    lfs: Lfs
    xorbs: Xorbs
    recipes: Recipes
    bus: Bus


class Xet:
    """The hub's content-addressed store as clients of Xet see it."""

    def __init__(self, rooms: Rooms, tokens: Tokens, reach: Callable[[], Reach]) -> None:
        self.tokens = tokens
        self.sessions = Sessions()
        self._rooms = rooms
        self._reach = reach
        self._knowledge = Knowledge(rooms.recipes, rooms.lfs)
        self._epoch = (0, 0.0)

    # tokens ------------------------------------------------------------------------------------------------

    def admit(self, actor: Actor, name: RepoName, scope: Scope, *, for_pull_request: bool = False) -> Pass:
        """A token for a repository. Whoever may read it may send chunks for a pull request.

        A full disk is told before anything is sent.
        """
        level = Level.WRITE if scope is Scope.WRITE and not for_pull_request else Level.READ
        with self._rooms.repos.db.reading() as tx:
            repo = self._rooms.repos.open(tx, actor, name, level)
        if scope is Scope.WRITE and actor.is_anonymous:
            raise Unauthenticated("Sign in to send files.")
        if scope is Scope.WRITE and for_pull_request and self._rooms.repos.level(actor, repo) < Level.WRITE:
            self._check_hand(actor)
        if scope is Scope.WRITE:
            self.check_room(0)
        until = int(time.time()) + LIFETIME
        ticket = Ticket(repo.id, scope, actor.user_id or 0, _is_insider(actor, repo), until)
        return Pass(self.tokens.give(ticket), until, self.path(repo))

    def _check_hand(self, actor: Actor) -> None:
        if not may_write_account(actor):
            raise Forbidden("This token may not open pull requests.")

    def path(self, repo: Repo) -> str:
        """Where the clients of a repository find the store: an address of its own for each namespace and epoch.

        Clients remember what they know of chunks by this address, so a new epoch makes them forget.
        """
        return f"{PREFIX}/{repo.owner}/e{self._present_epoch()}"

    def _present_epoch(self) -> int:
        epoch, until = self._epoch
        if time.monotonic() > until:
            with self._rooms.repos.db.reading() as tx:
                epoch = store.epoch(tx)
            self._epoch = (epoch, time.monotonic() + EPOCH_SECONDS)
        return epoch

    def next_epoch(self, tx: Tx) -> int:
        """From now on clients begin without memories; other processes follow within seconds.

        Epochs are minutes of the clock, so that no epoch comes twice when an older state of the hub is restored, or
        a new hub takes the address of one that is gone.
        """
        after_commit(tx, self._forget_epoch)
        return store.next_epoch(tx, int(time.time()) // 60)

    def begin_epochs(self) -> None:
        """At the first start of a hub."""
        with self._rooms.repos.db.writing() as tx:
            if store.epoch(tx) == store.BEFORE_THE_FIRST:
                self.next_epoch(tx)

    def _forget_epoch(self) -> None:
        self._epoch = (0, 0.0)

    def enter(self, token: str, scope: Scope) -> Visit:
        """Whoever shows a token; it ends with the repository. Reading is allowed to those who may write."""
        ticket = self.tokens.check(token)
        if scope is Scope.WRITE and ticket.scope is not Scope.WRITE:
            raise Forbidden("This Xet token may only read.")
        with self._rooms.repos.db.reading() as tx:
            repo = self._rooms.repos.get(tx, ticket.repo_id)
        if repo is None or repo.disabled:
            raise Unauthenticated("The repository of this Xet token is gone.")
        return Visit(ticket, repo.owner_id)

    # sending -----------------------------------------------------------------------------------------------

    def has_xorb(self, visit: Visit, xorb: str) -> bool:
        """Whether a visitor need not send a xorb."""
        return self._rooms.xorbs.has(xorb_hash(xorb), visit.knowers)

    def check_room(self, expected: int) -> None:
        """`StorageFull` when the disk has no room for so many bytes of a xorb."""
        self._rooms.xorbs.bodies.check_room(min(expected, MAX_BODY))

    def receive_xorb(self, expected: int) -> Spool:
        return self._rooms.xorbs.bodies.receive(expected)

    def keep_xorb(self, owner_ids: Collection[int], xorb: str, body: Spool) -> bool:
        """Verify a xorb and keep it in the name of these owners; False when it was there."""
        return self._rooms.xorbs.keep(body, xorb_hash(xorb), owner_ids)

    def receive_shard(self) -> Spool:
        return self._rooms.recipes.journal.receive()

    def register(self, visit: Visit, data: bytes, tell: Tell = lambda _done, _total: None) -> None:
        """Take the files of a shard into the repository, after everything in it was checked.

        Their sha256 is the client's word until the job `xet.verify` has computed it.
        """
        shard = shards.parse(data)
        self._check(visit, shard, tell)
        if not shard.files:
            return
        recipes = self._rooms.recipes
        name = recipes.journal.write(shard.files)
        with recipes.db.writing() as tx:
            for file, recipe in zip(shard.files, recipes.add(tx, shard.files, name), strict=True):
                self._take(tx, visit.repo_id, file, recipe)

    def _check(self, visit: Visit, shard: Shard, tell: Tell) -> None:
        """A client may name what was sent by itself or by others who are at home here, and what it was told of."""
        xorbs = self._rooms.xorbs
        named = {digest for file in shard.files for digest in file.terms["xorb_hash"].tolist()}
        named |= {xorb.xorb_hash for xorb in shard.xorbs}
        with xorbs.db.reading() as tx:
            ids = xorbs.ids_of(tx, named)
            known = xorbs.known_to(tx, visit.knowers, ids.values())
        anything = self._reach() is Reach.INSTANCE
        allowed = {digest for digest, xorb_id in ids.items() if anything or xorb_id in known}

        def find(digest: bytes) -> XorbIndex | None:
            return xorbs.index(digest) if digest in allowed else None

        shards.check(shard, find, tell)

    def _take(self, tx: Tx, repo_id: int, file: FileRecipe, recipe: Recipe) -> None:
        assert file.sha256 is not None
        oid = file.sha256.hex()
        if recipe.sha256 is None:
            self._rooms.lfs.claim(tx, repo_id, oid, recipe.size, recipe.hash)
            self.verify_later(tx, recipe.hash)
        elif recipe.sha256 == oid:
            self._rooms.lfs.prove(tx, recipe.hash, oid, recipe.size)
            self._rooms.lfs.hold(tx, repo_id, oid)
        else:
            raise BadRequest(f"The sha256 of file {recipe.hash} is not {oid}.")

    def verify_later(self, tx: Tx, file: str) -> None:
        """Let the mill compute the sha256 of a file."""
        self._rooms.bus.enqueue(tx, VERIFY, {"file": file}, key=file)

    # deduplication -----------------------------------------------------------------------------------------

    def tell_chunks(self, visit: Visit, session: Session, chunk: str, *, first: bool) -> ChunkLists:
        """Chunks that need not be sent; NotFound when there is nothing to tell."""
        lists = self._knowledge.answer(visit, session, xorb_hash(chunk), self._reach(), first=first)
        if lists is None:
            raise NotFound("Nothing is known of this chunk.")
        return lists

    # fetching ----------------------------------------------------------------------------------------------

    def reconstruct(self, visit: Visit, file: str, start: int, end: int | None) -> Reconstruction:
        """How to put bytes [start, end) of a file together; only for files of the ticket's repository."""
        with self._rooms.recipes.db.reading() as tx:
            recipe = self._rooms.recipes.get(tx, file)
            mine = recipe is not None and self._rooms.lfs.may_read(tx, visit.repo_id, recipe.hash, recipe.sha256)
        if recipe is None or not mine:
            raise NotFound("There is no such file in this repository.")
        if start >= recipe.size and (start or recipe.size):
            raise RangeNotSatisfiable(headers={"content-range": f"bytes */{recipe.size}"})
        pieces = list(self._rooms.recipes.pieces(recipe, start, min(end or recipe.size, recipe.size)))
        skip = start - pieces[0].at if pieces else 0
        return Reconstruction(skip, pieces, self._stretches(pieces))

    def _stretches(self, pieces: Sequence[Piece]) -> dict[bytes, list[Stretch]]:
        """What is needed of each xorb, in order, overlapping and adjacent ranges in one."""
        ranges: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
        for piece in pieces:
            ranges[piece.xorb].append((piece.start, piece.end))
        found = {}
        for digest, wanted in ranges.items():
            index = self._rooms.xorbs.need(digest)
            merged = _merged(sorted(wanted))
            found[digest] = [Stretch(start, end, *index.byte_range(start, end)) for start, end in merged]
        return found

    def body(self, xorb: str) -> tuple[str, int]:
        """The file of a xorb that a signed address names, and the length of its body."""
        digest = xorb_hash(xorb)
        return str(self._rooms.xorbs.path(digest)), self._rooms.xorbs.need(digest).body_length


def xorb_hash(text: str) -> bytes:
    """The raw form of a hash in an address; BadRequest when it is none."""
    try:
        return hash_from_text(text)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _merged(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged = [ranges[0]]
    for start, end in ranges[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_insider(actor: Actor, repo: Repo) -> bool:
    """Whether the actor reads whatever the owner of the repository has."""
    anything = Target(repo.kind, f"{repo.owner}/*", repo.owner_id, repo.owner_is_org, private=True, creator_id=None)
    return level_on(actor, anything) >= Level.READ
