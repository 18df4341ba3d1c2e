"""Writes the ledger down every few seconds, and tells who used what."""

import logging
import threading
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bearhug.base.db import Database
from bearhug.base.errors import Forbidden, HubError, Unauthenticated
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import signed_in
from bearhug.hub.settings.service import Settings
from bearhug.inference.usage import store
from bearhug.inference.usage.ledger import Ledger
from bearhug.inference.usage.records import NOBODY, Allowance, Asker, Line, Report, Sums

log = logging.getLogger("bearhug.inference")

FLUSH_SECONDS = 4.0
KEPT_DAYS = 400
MOST_DAYS = 366
MOST_LINES = 1000


class Usage:
    """The ledger of this hub and its rows."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self.ledger = Ledger(self._allowance)
        self._settings = settings
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def _allowance(self, asker: Asker) -> Allowance:
        now = self._settings.now()
        if asker.account == NOBODY:
            return Allowance(now.anonymous_requests_per_minute, now.anonymous_tokens_per_day)
        return Allowance(now.requests_per_minute, now.tokens_per_day)

    # writing -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Remember what was used today, and write down what comes."""
        with self.db.reading() as tx:
            self.ledger.recall(store.tokens(tx, _today()))
        self._thread = threading.Thread(target=self._keep_writing, daemon=True, name="usage")
        self._thread.start()

    def _keep_writing(self) -> None:
        while not self._closing.wait(FLUSH_SECONDS):
            try:
                self.flush()
            except (HubError, SQLAlchemyError):
                log.exception("The usage of models could not be written down; it is tried again.")

    def flush(self) -> None:
        """Write what was counted."""
        taken = self.ledger.take()
        if not taken:
            return
        try:
            with self.db.writing() as tx:
                store.add(tx, taken)
        except (HubError, SQLAlchemyError):
            self.ledger.give_back(taken)
            raise

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def roll(self) -> None:
        """Once a day: forget what is long past."""
        with self.db.writing() as tx:
            store.forget(tx, _today() - timedelta(days=KEPT_DAYS))

    # telling -----------------------------------------------------------------------------------------------

    def of(self, actor: Actor, *, days: int) -> Report:
        """What the actor's own account used."""
        user_id = signed_in(actor)
        if actor.grant is not None and actor.grant.is_narrow:
            raise Forbidden("A fine-grained token does not read the usage of its account: it names private models.")
        asker = Asker(user_id)
        return self._report(days, user_id, self._allowance(asker), self.ledger.tokens_today(asker))

    def of_all(self, actor: Actor, *, days: int) -> Report:
        """What everybody used, for administrators."""
        if actor.is_anonymous:
            raise Unauthenticated
        if not actor.is_admin:
            raise Forbidden("Only administrators of this hub see what others use.")
        return self.everything(days=days)

    def everything(self, *, days: int) -> Report:
        return self._report(days, None, Allowance(), 0)

    def _report(self, days: int, account: int | None, allowance: Allowance, today: int) -> Report:
        self.flush()
        days = min(max(days, 1), MOST_DAYS)
        since = _today() - timedelta(days=days - 1)
        with self.db.reading() as tx:

            def told(*apart: str) -> list[Line]:
                return store.lines(tx, apart, since=since, account=account, limit=MOST_LINES)

            whole = next(iter(told()), Line(Sums())).sums
            accounts = told("account") if account is None else []
            details = told("day", "model", "kind") if account is not None else told("day", "account", "model", "kind")
            return Report(days, whole, told("day"), told("model", "kind"), accounts, details, allowance, today)


def _today() -> date:
    return datetime.now(UTC).date()
