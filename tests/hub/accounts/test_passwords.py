"""Passwords by argon2id."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bearhug.base.errors import BadRequest, TooManyRequests
from bearhug.hub.accounts.passwords import AT_ONCE, MOST_WAITING, Cost, Passwords

CHEAP = Cost(rounds=1, memory=64, lanes=1)


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    passwords = Passwords(CHEAP)
    stored = passwords.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert passwords.verify(stored, "correct horse")
    assert not passwords.verify(stored, "correct horse ")


def test_the_same_password_is_never_stored_the_same_way() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.hash("correct horse") != passwords.hash("correct horse")


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_passwords_that_are_too_short_or_too_long_are_refused(password: str) -> None:
    with pytest.raises(BadRequest):
        Passwords(CHEAP).hash(password)


def test_nothing_fits_an_account_without_a_password() -> None:
    passwords = Passwords(CHEAP)
    assert not passwords.verify(None, "")
    assert not passwords.verify("", "anything at all")
    assert not passwords.verify("$argon2id$nonsense", "anything at all")


def test_a_password_that_fitted_is_remembered_for_its_hash_alone() -> None:
    passwords = Passwords(CHEAP)
    old, new = passwords.hash("correct horse"), passwords.hash("battery staple")
    assert passwords.verify(old, "correct horse")
    assert passwords.verify(old, "correct horse")
    assert not passwords.verify(new, "correct horse")


def test_hashes_of_another_cost_are_stale() -> None:
    stored = Passwords(CHEAP).hash("correct horse")
    assert not Passwords(CHEAP).is_stale(stored)
    assert Passwords(Cost(rounds=2, memory=64, lanes=1)).is_stale(stored)


def test_more_than_a_few_who_wait_are_sent_away_at_once() -> None:
    passwords = Passwords(Cost(rounds=1, memory=65536, lanes=1))
    stored = passwords.hash("correct horse")

    def attempt(number: int) -> bool:
        try:
            return passwords.verify(stored, f"wrong {number}")
        except TooManyRequests:
            return True

    with ThreadPoolExecutor(40) as threads:
        turned_away = sum(threads.map(attempt, range(40)))
    assert 1 <= turned_away <= 40 - AT_ONCE - MOST_WAITING
