"""Limits of each asker: requests of the last minute, tokens of this day."""

import math
from collections import deque
from datetime import UTC, datetime, timedelta

from bearhug.base.errors import TooManyRequests
from bearhug.inference.usage.records import NOBODY, Allowance, Asker

MINUTE = 60.0
MOST_ASKERS = 50_000
"""Askers whose last minute is remembered; beyond them those who asked longest ago are forgotten."""


class Turnstile:
    """Lets askers through or says when to come back. Whoever calls it sees to it that nobody else does meanwhile."""

    def __init__(self) -> None:
        self._asked: dict[int | str, deque[float]] = {}
        self._day = datetime.now(UTC).date()
        self._tokens: dict[int | str, int] = {}

    def enter(self, asker: Asker, allowance: Allowance, now: float, today: datetime) -> None:
        """Count a request in, or raise TooManyRequests. `now` counts seconds, `today` is the time in UTC."""
        self._turn(today)
        most = allowance.tokens_per_day
        if most and self.tokens(asker) >= most:
            raise _until_tomorrow(asker, most, today)
        if allowance.requests_per_minute:
            self._count(asker, allowance.requests_per_minute, now)

    def spend(self, asker: Asker, tokens: int, today: datetime) -> None:
        """Tokens that a request came to."""
        self._turn(today)
        if tokens and (asker.mark in self._tokens or len(self._tokens) < MOST_ASKERS):
            self._tokens[asker.mark] = self.tokens(asker) + tokens

    def tokens(self, asker: Asker) -> int:
        return self._tokens.get(asker.mark, 0)

    def _turn(self, today: datetime) -> None:
        if today.date() != self._day:
            self._day, self._tokens = today.date(), {}

    def _count(self, asker: Asker, most: int, now: float) -> None:
        times = self._asked.pop(asker.mark, None) or deque()
        self._asked[asker.mark] = times  # the one who asked last stands last
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= most:
            raise _in_a_moment(asker, most, max(math.ceil(times[-most] + MINUTE - now), 1))
        times.append(now)
        while len(self._asked) > MOST_ASKERS:
            del self._asked[next(iter(self._asked))]


def _in_a_moment(asker: Asker, most: int, seconds: int) -> TooManyRequests:
    whose = (
        f"Without an account, models can be asked {most} times a minute from one address."
        if asker.account == NOBODY
        else f"Your account may ask models {most} times a minute."
    )
    return TooManyRequests(f"{whose} Ask again in {seconds} seconds.", headers={"retry-after": str(seconds)})


def _until_tomorrow(asker: Asker, most: int, today: datetime) -> TooManyRequests:
    midnight = datetime.combine(today.date() + timedelta(days=1), datetime.min.time(), UTC)
    seconds = max(math.ceil((midnight - today).total_seconds()), 1)
    whose = (
        f"Without an account, models give {most} tokens a day to one address, and those of today are used up."
        if asker.account == NOBODY
        else f"Models give your account {most} tokens a day, and those of today are used up."
    )
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    return TooManyRequests(
        f"{whose} Ask again in {hours} h {minutes} min, at 00:00 UTC.", headers={"retry-after": str(seconds)}
    )
