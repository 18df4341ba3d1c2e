"""A link sets one password once, within a day, for the one whom it is for."""

from datetime import timedelta

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB

from bearhug.base import clock
from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated

FRESH = "quite another password"


def test_a_link_sets_a_password_once(box: HubBox) -> None:
    resets, sessions = box.app.resets, box.app.sessions
    ticket = resets.ticket(ADA.name)
    resets.use(ticket, FRESH)
    assert sessions.check(ADA.name, FRESH, "::1").name == ADA.name
    with pytest.raises(Unauthenticated):
        sessions.check(ADA.name, ADA.password, "::1")
    with pytest.raises(Forbidden):
        resets.use(ticket, "once more, please")


def test_a_link_signs_every_browser_out(box: HubBox) -> None:
    sessions = box.app.sessions
    secret = sessions.sign_in(ADA.name, ADA.password, ip="::1", agent="")
    box.app.resets.use(box.app.resets.ticket(ADA.name), FRESH)
    with box.app.db.reading() as tx:
        assert sessions.signed_in(tx, secret) is None


def test_a_short_password_leaves_the_link_as_it_is(box: HubBox) -> None:
    ticket = box.app.resets.ticket(ADA.name)
    with pytest.raises(BadRequest):
        box.app.resets.use(ticket, "short")
    assert box.app.resets.account(ticket).name == ADA.name


def test_a_link_ends_after_a_day(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, later = box.app.resets.ticket(ADA.name), clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Forbidden):
        box.app.resets.account(ticket)


def test_a_link_dies_when_the_password_changes_otherwise(box: HubBox) -> None:
    ticket = box.app.resets.ticket(ADA.name)
    box.app.sessions.reset_password(ADA.name, FRESH)
    with pytest.raises(Forbidden):
        box.app.resets.account(ticket)


@pytest.mark.parametrize(
    "change", [lambda t: t.replace("ada", "bob"), lambda t: t[:-1], lambda t: "", lambda t: "a.b.c"]
)
def test_a_link_that_was_not_made_here_opens_nothing(box: HubBox, change: object) -> None:
    assert callable(change)
    with pytest.raises(Forbidden):
        box.app.resets.account(change(box.app.resets.ticket(ADA.name)))


def test_nobody_gets_no_link(box: HubBox) -> None:
    with pytest.raises(NotFound):
        box.app.resets.ticket("nobody-of-that-name")


def test_the_page_takes_the_password_and_signs_in(box: HubBox) -> None:
    path = f"/reset/{box.app.resets.ticket(BOB.name)}"
    page = box.http.get(path)
    assert page.status_code == 200
    assert BOB.name in page.text
    assert box.http.post(path, data={"password": "short"}).status_code == 400
    done = box.http.post(path, data={"password": FRESH}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert box.http.get(path).status_code == 403
