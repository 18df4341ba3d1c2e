"""One's password and sessions by HTTP."""

from tests.hubbox import HubBox
from tests.people import ADA, BOB, NOBODY


def test_people_see_and_end_where_they_are_signed_in(box: HubBox) -> None:
    box.http.post("/login", data={"username": "ada", "password": ADA.password}, headers={"user-agent": "Browser/1"})
    (session,) = box.http.get("/api/settings/sessions").json()
    assert session["userAgent"] == "Browser/1"
    assert box.delete(BOB, f"/api/settings/sessions/{session['id']}").status_code == 404
    assert box.delete(ADA, f"/api/settings/sessions/{session['id']}").status_code == 200
    assert box.http.get("/api/whoami-v2").status_code == 401


def test_a_password_is_changed_with_the_old_one(box: HubBox) -> None:
    wrong, right = {"old": "guess", "new": "brand new password"}, {"old": ADA.password, "new": "brand new password"}
    assert box.put(ADA, "/api/settings/password", json=wrong).status_code == 401
    assert box.put(ADA, "/api/settings/password", json={"old": ADA.password, "new": "short"}).status_code == 400
    assert box.put(ADA, "/api/settings/password", json=right).status_code == 200
    assert box.http.get("/api/whoami-v2", auth=("ada", "brand new password")).status_code == 200


def test_nobody_has_sessions(box: HubBox) -> None:
    assert box.get(NOBODY, "/api/settings/sessions").status_code == 401
    assert box.delete(ADA, "/api/settings/sessions/x1").status_code == 404
