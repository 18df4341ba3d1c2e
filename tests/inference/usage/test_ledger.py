"""Limits and sums, in memory."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bearhug.base.errors import BadRequest, TooManyRequests
from bearhug.inference.usage.ledger import Ledger, unlimited
from bearhug.inference.usage.records import Allowance, Asker, Sums
from bearhug.inference.usage.turnstile import MOST_ASKERS, Turnstile

ADA = Asker(7, "10.0.0.1")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refused(turnstile: Turnstile, asker: Asker, allowance: Allowance, now: float, today: datetime = NOON) -> str:
    with pytest.raises(TooManyRequests) as error:
        turnstile.enter(asker, allowance, now, today)
    assert int(error.value.headers["retry-after"]) > 0
    return error.value.message


def test_the_minute_slides() -> None:
    turnstile, twice = Turnstile(), Allowance(requests_per_minute=2)
    turnstile.enter(ADA, twice, 100.0, NOON)
    turnstile.enter(ADA, twice, 130.0, NOON)
    words = refused(turnstile, ADA, twice, 140.0)
    assert words == "Your account may ask models 2 times a minute. Ask again in 20 seconds."
    turnstile.enter(ADA, twice, 160.5, NOON)
    assert "in 30 seconds" in refused(turnstile, ADA, twice, 160.6)


def test_who_is_refused_is_not_counted() -> None:
    turnstile, once = Turnstile(), Allowance(requests_per_minute=1)
    turnstile.enter(ADA, once, 0.0, NOON)
    for second in range(1, 60):
        refused(turnstile, ADA, once, second)
    turnstile.enter(ADA, once, 60.0, NOON)


def test_a_smaller_limit_holds_at_once() -> None:
    turnstile = Turnstile()
    for second in range(10):
        turnstile.enter(ADA, Allowance(requests_per_minute=20), second, NOON)
    assert "in 57 seconds" in refused(turnstile, ADA, Allowance(requests_per_minute=3), 10.0)


def test_addresses_are_counted_apart_and_a_line_of_the_new_kind_once() -> None:
    turnstile, once = Turnstile(), Allowance(requests_per_minute=1)
    turnstile.enter(Asker(0, "10.0.0.1"), once, 0.0, NOON)
    turnstile.enter(Asker(0, "10.0.0.2"), once, 0.0, NOON)
    assert refused(turnstile, Asker(0, "10.0.0.1"), once, 1.0).startswith("Without an account")
    turnstile.enter(Asker(0, "2001:db8:1:2::1"), once, 0.0, NOON)
    refused(turnstile, Asker(0, "2001:db8:1:2:ffff::9"), once, 1.0)
    turnstile.enter(Asker(0, "2001:db8:1:3::1"), once, 0.0, NOON)


def test_tokens_of_a_day_end_at_midnight() -> None:
    turnstile, hundred = Turnstile(), Allowance(tokens_per_day=100)
    evening = NOON.replace(hour=22, minute=58, second=30)
    turnstile.enter(ADA, hundred, 0.0, evening)
    turnstile.spend(ADA, 60, evening)
    turnstile.enter(ADA, hundred, 1.0, evening)
    turnstile.spend(ADA, 60, evening)
    words = refused(turnstile, ADA, hundred, 2.0, evening)
    assert "100 tokens a day" in words
    assert "in 1 h 2 min, at 00:00 UTC" in words
    turnstile.enter(ADA, hundred, 3.0, evening + timedelta(hours=2))


def test_a_flood_of_addresses_takes_no_more_memory() -> None:
    turnstile, once = Turnstile(), Allowance(requests_per_minute=1)
    for number in range(MOST_ASKERS + 100):
        turnstile.enter(Asker(0, f"a{number}"), once, 0.0, NOON)
    assert len(turnstile._asked) == MOST_ASKERS
    refused(turnstile, Asker(0, f"a{MOST_ASKERS + 99}"), once, 1.0)


def test_a_request_tells_its_cost_once() -> None:
    ledger = unlimited()
    with ledger.begin(ADA, "ada/m", "chat") as cost:
        cost.prompt, cost.completion = 12, 30
    cost.end()
    [(key, sums)] = ledger.take().items()
    assert (key.account, key.model, key.kind) == (7, "ada/m", "chat")
    assert (sums.requests, sums.failures, sums.tokens) == (1, 0, 42)
    assert ledger.tokens_today(ADA) == 42
    assert ledger.take() == {}


def test_errors_are_failures_and_leaving_is_none() -> None:
    ledger = unlimited()
    with contextlib.suppress(BadRequest), ledger.begin(ADA, "ada/m", "chat"):
        raise BadRequest
    with contextlib.suppress(GeneratorExit), ledger.begin(ADA, "ada/m", "chat"):
        raise GeneratorExit
    [sums] = ledger.take().values()
    assert (sums.requests, sums.failures) == (2, 1)


def test_what_could_not_be_written_comes_again() -> None:
    ledger = unlimited()
    ledger.begin(ADA, "ada/m", "chat").end()
    taken = ledger.take()
    ledger.begin(ADA, "ada/m", "chat").end()
    ledger.give_back(taken)
    [sums] = ledger.take().values()
    assert sums.requests == 2


def test_many_at_once_lose_nothing() -> None:
    ledger = Ledger(lambda _asker: Allowance(requests_per_minute=100_000))

    def ask() -> None:
        for _ in range(200):
            with ledger.begin(ADA, "ada/m", "chat") as cost:
                cost.prompt = 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [sums] = ledger.take().values()
    assert (sums.requests, sums.prompt) == (1600, 1600)


def test_what_was_used_before_a_restart_counts() -> None:
    ledger = Ledger(lambda _asker: Allowance(tokens_per_day=10))
    ledger.recall({ADA.account: 10})
    with pytest.raises(TooManyRequests):
        ledger.begin(ADA, "ada/m", "chat")
    ledger.note(Asker(8), "ada/m", "chat", Sums(1, 0, 1, 1, 0.1))
    ledger.begin(Asker(8), "ada/m", "chat")
