"""Signing in, being slowed down, staying signed in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB

from bearhug.base import clock
from bearhug.base.errors import NotFound, TooManyRequests, Unauthenticated
from bearhug.hub.accounts.passwords import Cost, Passwords
from bearhug.hub.sessions.service import Sessions

HERE, THERE = "192.0.2.1", "192.0.2.2"
real_now = clock.now


def wait(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: real_now() + timedelta(**passed))


def fail(box: HubBox, times: int, name: str = "ada", ip: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            box.app.sessions.check(name, "not the password", ip)


def signed_in(box: HubBox, secret: str) -> bool:
    with box.app.db.reading() as tx:
        return box.app.sessions.signed_in(tx, secret) is not None


def test_the_right_password_opens_in_any_letter_case_of_the_name(box: HubBox) -> None:
    assert box.app.sessions.check("ADA", ADA.password, HERE).name == "ada"


@pytest.mark.parametrize("name", ["ada", "nobody-here", "lab", "", "ada\0"])
def test_whatever_is_wrong_the_answer_is_the_same(box: HubBox, name: str) -> None:
    with pytest.raises(Unauthenticated, match="Invalid username or password"):
        box.app.sessions.check(name, "not the password", HERE)


def test_after_five_failures_even_the_right_password_has_to_wait(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(box, 5)
    with pytest.raises(TooManyRequests) as caught:
        box.app.sessions.check("ada", ADA.password, HERE)
    assert int(caught.value.headers["retry-after"]) >= 1
    wait(monkeypatch, seconds=3)
    assert box.app.sessions.check("ada", ADA.password, HERE).name == "ada"
    fail(box, 1)  # forgiven: counting starts anew
    assert box.app.sessions.check("ada", ADA.password, HERE).name == "ada"


def test_each_further_failure_doubles_the_wait(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(box, 5)
    passed = 0
    for _ in range(5):
        passed += 1000
        wait(monkeypatch, seconds=passed)
        fail(box, 1)
    wait(monkeypatch, seconds=passed + 50)
    with pytest.raises(TooManyRequests):
        box.app.sessions.check("ada", ADA.password, HERE)


def test_failures_elsewhere_or_on_another_account_do_not_lock_somebody_out(box: HubBox) -> None:
    fail(box, 5)
    assert box.app.sessions.check("ada", ADA.password, THERE).name == "ada"
    assert box.app.sessions.check("bob", BOB.password, HERE).name == "bob"


def test_a_network_that_tries_many_accounts_is_slowed_down_as_a_whole(box: HubBox) -> None:
    for number in range(50):
        fail(box, 1, name=f"somebody{number}", ip=f"2001:db8::{number:x}")
    with pytest.raises(TooManyRequests):
        box.app.sessions.check("ada", ADA.password, "2001:db8::ffff")
    assert box.app.sessions.check("ada", ADA.password, "2001:db8:0:1::1").name == "ada"


def test_failures_are_forgotten_after_a_day(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(box, 4)
    wait(monkeypatch, hours=25)
    fail(box, 4)
    assert box.app.sessions.check("ada", ADA.password, HERE).name == "ada"


def test_a_session_lasts_until_it_is_over(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = box.app.sessions.sign_in("ada", ADA.password, ip=HERE, agent="browser\n")
    assert signed_in(box, secret)
    assert not signed_in(box, secret + "x")
    wait(monkeypatch, days=31)
    assert not signed_in(box, secret)


def test_signing_out_ends_the_session_at_once(box: HubBox) -> None:
    secret = box.app.sessions.sign_in("ada", ADA.password, ip=HERE, agent="browser")
    box.app.sessions.sign_out(secret)
    assert not signed_in(box, secret)


def test_people_end_their_own_sessions_only(box: HubBox) -> None:
    secret = box.app.sessions.sign_in("ada", ADA.password, ip=HERE, agent="browser")
    ada_id, bob_id = box.actor(ADA).user_id, box.actor(BOB).user_id
    assert ada_id is not None
    assert bob_id is not None
    (session,) = box.app.sessions.listing(ada_id)
    with pytest.raises(NotFound):
        box.app.sessions.end(bob_id, session.id)
    assert signed_in(box, secret)
    box.app.sessions.end(ada_id, session.id)
    assert not signed_in(box, secret)


def test_another_password_ends_every_session_but_the_one_that_asks(box: HubBox) -> None:
    old, asking = (box.app.sessions.sign_in("ada", ADA.password, ip=HERE, agent=agent) for agent in ("a", "b"))
    account = box.app.sessions.check("ada", ADA.password, HERE)
    box.app.sessions.change_password(account, "another password", but_secret=asking)
    assert not signed_in(box, old)
    assert signed_in(box, asking)
    fail(box, 1)
    with pytest.raises(Unauthenticated):
        box.app.sessions.check("ada", ADA.password, THERE)
    assert box.app.sessions.check("ada", "another password", THERE).name == "ada"


def test_a_locked_account_is_shut_out_everywhere(box: HubBox) -> None:
    secret = box.app.sessions.sign_in("bob", BOB.password, ip=HERE, agent="browser")
    with box.app.db.writing() as tx:
        box.app.accounts.lock(tx, box.app.accounts.find(tx, "bob"))
    assert not signed_in(box, secret)
    with pytest.raises(Unauthenticated):
        box.app.sessions.check("bob", BOB.password, HERE)


def test_a_hash_of_an_old_cost_is_renewed_at_the_next_sign_in(box: HubBox) -> None:
    dearer = Passwords(Cost(rounds=1, memory=128, lanes=1))
    sessions = Sessions(box.app.db, dearer, box.app.settings)
    sessions.check("ada", ADA.password, HERE)
    with box.app.db.reading() as tx:
        stored = tx.exec_driver_sql("SELECT password_hash FROM owners WHERE key = 'ada'").scalar()
    assert "m=128,t=1" in str(stored)
    assert sessions.check("ada", ADA.password, HERE).name == "ada"


def test_failures_at_the_same_moment_all_count(box: HubBox) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: fail(box, 1), range(5)))
    with pytest.raises(TooManyRequests):
        box.app.sessions.check("ada", ADA.password, HERE)
