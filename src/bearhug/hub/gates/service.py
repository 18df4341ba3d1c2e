"""The rules of gates: people ask, owners decide, `repos.open` lets in whom they accepted."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from bearhug.base import clock
from bearhug.base.db import Duplicate, Tx
from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on, may_write_account, signed_in
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.cards.service import Cards
from bearhug.hub.gates import store
from bearhug.hub.gates.form import checked, form_of
from bearhug.hub.gates.records import Asked, Decision, Form, Gate, Request, Standing, Status
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

PAGE = 500
LONGEST_REASON = 200


class Gates:
    """Requests for gated repositories."""

    def __init__(self, repos: Repos, accounts: Accounts, cards: Cards) -> None:
        self.repos = repos
        self._accounts = accounts
        self._cards = cards

    # people who want to get in -------------------------------------------------------------------------------

    def at(self, actor: Actor, name: RepoName) -> Gate:
        """The gate as the actor finds it: where they stand, and what they are asked."""
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.READ, content=False)
            return self.gate(tx, actor, repo)

    def gate(self, tx: Tx, actor: Actor, repo: Repo) -> Gate:
        """The same for a repository that has been opened."""
        if not repo.gated:
            return Gate(repo, Standing.OPEN, Form())
        request = store.of_user(tx, repo.id, actor.user_id) if actor.user_id is not None else None
        return Gate(repo, self._standing(tx, actor, repo, request), self._form(tx, repo), request)

    def ask(self, actor: Actor, name: RepoName, given: Mapping[str, object]) -> Gate:
        """Ask to be let in; where the gate opens by itself, the actor is. Asking twice changes the answers only."""
        with self.repos.db.writing() as tx:
            repo = self._gated(tx, actor, name, Level.READ)
            user_id = _account(actor)
            gate = self.gate(tx, actor, repo)
            if gate.standing is Standing.REJECTED:
                raise Forbidden(_refusal(repo, gate.request))
            if gate.standing is not Standing.INSIDE:
                self._write(tx, repo, user_id, gate, given)
                self.repos.tell(tx, "repo.access_asked", repo, actor)
            return self.gate(tx, actor, repo)

    def _write(self, tx: Tx, repo: Repo, user_id: int, gate: Gate, given: Mapping[str, object]) -> None:
        answers = checked(gate.form, given)
        status = Status.ACCEPTED if repo.gated == "auto" else Status.PENDING
        if gate.request is None:
            with suppress(Duplicate), tx.begin_nested():  # asked twice at the same moment
                store.add(tx, repo.id, user_id, status, answers)
        else:
            store.change(tx, gate.request.id, answers=answers, status=status.value)

    def withdraw(self, actor: Actor, name: RepoName) -> None:
        """Take a request back that nobody has decided yet."""
        with self.repos.db.writing() as tx:
            repo = self._gated(tx, actor, name, Level.READ)
            request = store.of_user(tx, repo.id, _account(actor))
            if request is None or request.status is not Status.PENDING:
                raise NotFound("You have no request for this repository that waits for an answer.")
            store.remove(tx, request.id)

    def asked(self, actor: Actor, *, before: int, limit: int) -> tuple[list[Asked], int | None]:
        """What the actor asked for and may still see, newest first; and where the next page begins."""
        with self.repos.db.reading() as tx:
            found = store.asked_by(tx, signed_in(actor), before=before, limit=limit)
        seen = [asked for _, asked in found if level_on(actor, asked.repo.target) >= Level.READ]
        return seen, found[-1][0] if len(found) == limit else None

    # owners who decide ---------------------------------------------------------------------------------------

    def listing(
        self, actor: Actor, name: RepoName, status: Status, *, after: int = 0, limit: int = PAGE
    ) -> list[Request]:
        """Requests of one status, oldest first, for those who may write."""
        with self.repos.db.reading() as tx:
            repo = self._gated(tx, actor, name, Level.WRITE)
            return store.listing(tx, repo.id, status, after=after, limit=limit)

    def report(self, actor: Actor, name: RepoName) -> Iterator[Request]:
        """Every request, for the owner's own records."""
        with self.repos.db.reading() as tx:
            repo = self._gated(tx, actor, name, Level.WRITE)
            after = 0
            while found := store.listing(tx, repo.id, None, after=after, limit=PAGE):
                yield from found
                after = found[-1].id

    def decide(self, actor: Actor, name: RepoName, decision: Decision) -> None:
        """Accept, reject, or send back to the waiting ones; the same decision twice is `NotFound`."""
        with self.repos.db.writing() as tx:
            repo = self._gated(tx, actor, name, Level.WRITE)
            request = self._meant(tx, repo, decision)
            if request is None:
                raise NotFound("There is no such request for this repository.")
            if request.status is decision.status:
                raise NotFound(f"The request is in the list of {decision.status.value} ones already.")
            decided = clock.now() if decision.status is not Status.PENDING else None
            reason = decision.reason[:LONGEST_REASON]
            store.change(tx, request.id, status=decision.status.value, reason=reason, decided_at=decided)
            self.repos.tell(tx, "repo.access_decided", repo, actor, user=request.user, status=decision.status.value)

    def grant(self, actor: Actor, name: RepoName, user: str) -> Request:
        """Let somebody in who need not have asked."""
        with self.repos.db.writing() as tx:
            repo = self._gated(tx, actor, name, Level.WRITE)
            user_id = self._accounts.find(tx, user).id
            request = store.of_user(tx, repo.id, user_id)
            if request is None:
                try:
                    store.add(tx, repo.id, user_id, Status.ACCEPTED, {}, by_hand=True)
                except Duplicate as error:
                    raise BadRequest(f"{user[:100]} has access already.") from error
            elif request.status is Status.ACCEPTED:
                raise BadRequest(f"{request.user} has access already.")
            else:
                store.change(tx, request.id, status=Status.ACCEPTED.value, reason="", decided_at=clock.now())
            self.repos.tell(tx, "repo.access_decided", repo, actor, user=user, status=Status.ACCEPTED.value)
            found = store.of_user(tx, repo.id, user_id)
            assert found is not None
            return found

    # what both need --------------------------------------------------------------------------------------------

    def _gated(self, tx: Tx, actor: Actor, name: RepoName, level: Level) -> Repo:
        repo = self.repos.open(tx, actor, name, level, content=False)
        if not repo.gated:
            raise BadRequest(f"{repo.full_name} is not gated: everybody who sees it may read it.")
        return repo

    def _meant(self, tx: Tx, repo: Repo, decision: Decision) -> Request | None:
        if decision.request_id is not None:
            return store.get(tx, repo.id, decision.request_id)
        return store.of_user(tx, repo.id, self._accounts.find(tx, decision.user).id)

    def _standing(self, tx: Tx, actor: Actor, repo: Repo, request: Request | None) -> Standing:
        if self.repos.is_inside(tx, actor, repo):
            return Standing.INSIDE
        if request is None or request.status is Status.ACCEPTED:  # accepted, but the token may not read gated ones
            return Standing.OUTSIDE
        return Standing(request.status.value)

    def _form(self, tx: Tx, repo: Repo) -> Form:
        facts = self._cards.stored(tx, [repo.id]).get(repo.id, {})
        return form_of(facts.get("card_data") or {})


def _account(actor: Actor) -> int:
    if actor.user_id is None:
        raise Unauthenticated("Sign in to ask for access to this repository.")
    if not may_write_account(actor):
        raise Forbidden("This token may not ask for access. Use a write token, or the repository's page.")
    return actor.user_id


def _refusal(repo: Repo, request: Request | None) -> str:
    said = f" They say: {request.reason}" if request is not None and request.reason else ""
    return f"Your request for {repo.full_name} was rejected by its owners.{said}"
