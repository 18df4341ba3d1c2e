"""What requests come to, in memory until somebody writes it down; the one place where a request's cost is told."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType

from bearhug.inference.usage.records import Allowance, Asker, Key, Sums
from bearhug.inference.usage.turnstile import Turnstile

LONGEST_MODEL = 200
LONGEST_KIND = 64
MOST_KEYS = 100_000
"""Sums that are kept while nobody can write them down."""


class Cost:
    """One request under way. `with` ends it: an error that leaves it makes the request a failure.

    Whoever learns how many tokens it took says so in `prompt` and `completion` before it ends.
    """

    def __init__(self, ledger: "Ledger", asker: Asker, model: str, kind: str) -> None:
        self.prompt = self.completion = 0
        self.failed = False
        self._ledger = ledger
        self._asker, self._model, self._kind = asker, model[:LONGEST_MODEL], kind[:LONGEST_KIND]
        self._began = time.monotonic()
        self._ended = False

    def end(self) -> None:
        """The request is over; what is said later is not heard."""
        if self._ended:
            return
        self._ended = True
        seconds = time.monotonic() - self._began
        sums = Sums(1, int(self.failed), self.prompt, self.completion, seconds)
        self._ledger.note(self._asker, self._model, self._kind, sums)

    def __enter__(self) -> "Cost":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.failed = self.failed or isinstance(error, Exception)  # one who leaves cancels, which is no failure
        self.end()


class Ledger:
    """Counts requests of every asker and holds them to their allowance."""

    def __init__(self, allowance: Callable[[Asker], Allowance]) -> None:
        self._allowance = allowance
        self._turnstile = Turnstile()
        self._sums: dict[Key, Sums] = {}
        self._lock = threading.Lock()

    def begin(self, asker: Asker, model: str, kind: str) -> Cost:
        """A request begins, or TooManyRequests. The allowance may come from the database: call it in a thread."""
        allowance = self._allowance(asker)
        with self._lock:
            self._turnstile.enter(asker, allowance, time.monotonic(), datetime.now(UTC))
        return Cost(self, asker, model, kind)

    def note(self, asker: Asker, model: str, kind: str, sums: Sums) -> None:
        """A request has ended."""
        now = datetime.now(UTC)
        key = Key(now.date(), asker.account, model, kind)
        with self._lock:
            self._turnstile.spend(asker, sums.tokens, now)
            if key in self._sums or len(self._sums) < MOST_KEYS:
                self._sums.setdefault(key, Sums()).add(sums)

    def tokens_today(self, asker: Asker) -> int:
        with self._lock:
            return self._turnstile.tokens(asker)

    def recall(self, tokens: Mapping[int, int]) -> None:
        """What accounts used today before this process began."""
        now = datetime.now(UTC)
        with self._lock:
            for account, count in tokens.items():
                self._turnstile.spend(Asker(account), count, now)

    def take(self) -> dict[Key, Sums]:
        """All sums, to be written down; they begin anew."""
        with self._lock:
            taken, self._sums = self._sums, {}
        return taken

    def give_back(self, taken: Mapping[Key, Sums]) -> None:
        """Sums that could not be written down."""
        with self._lock:
            for key, sums in taken.items():
                self._sums.setdefault(key, Sums()).add(sums)


def unlimited() -> Ledger:
    """Counts, and holds up nobody."""
    return Ledger(lambda _asker: Allowance())
