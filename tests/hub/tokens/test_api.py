"""Managing tokens by HTTP."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, NOBODY

AS_ADA = ("ada", ADA.password)
FINE = {
    "displayName": "robot",
    "role": "fineGrained",
    "expiresAt": "2999-01-31T12:00:00Z",
    "fineGrained": {
        "canReadGatedRepos": True,
        "global": ["discussion.write"],
        "scoped": [{"entity": {"type": "org", "name": "Lab"}, "permissions": ["repo.content.read"]}],
    },
}


def test_a_fine_grained_token_is_told_what_it_may_do(box: HubBox) -> None:
    made = box.http.post("/api/settings/tokens", json=FINE, auth=AS_ADA).json()
    me = box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {made['token']}"}).json()
    shown = me["auth"]["accessToken"]
    assert (shown["displayName"], shown["role"]) == ("robot", "fineGrained")
    assert shown["fineGrained"] == {
        "canReadGatedRepos": True,
        "global": ["discussion.write"],
        "scoped": [{"entity": {"type": "org", "name": "lab"}, "permissions": ["repo.content.read"]}],
    }
    (line,) = box.http.get("/api/settings/tokens", auth=AS_ADA).json()
    assert "token" not in line
    assert line["expiresAt"] == "2999-01-31T12:00:00.000Z"


def test_a_token_rotates_itself(box: HubBox) -> None:
    made = box.http.post("/api/settings/tokens", json={"name": "ci", "role": "read"}, auth=AS_ADA).json()
    old = {"authorization": f"Bearer {made['token']}"}
    again = box.http.post(f"/api/settings/tokens/{made['id']}/rotate", headers=old).json()
    assert box.http.get("/api/whoami-v2", headers=old).status_code == 401
    new = {"authorization": f"Bearer {again['token']}"}
    assert box.http.get("/api/whoami-v2", headers=new).json()["auth"]["accessToken"]["role"] == "read"
    assert box.http.delete(f"/api/settings/tokens/{made['id']}", headers=new).status_code == 200
    assert box.http.get("/api/whoami-v2", headers=new).status_code == 401


def test_anybody_ends_leaked_tokens_and_learns_nothing(box: HubBox) -> None:
    leaked = box.token(BOB)
    for credentials in ([leaked, "hf_" + "x" * 37], []):
        answer = box.post(NOBODY, "/api/credentials/revoke", json={"credentials": credentials})
        assert (answer.status_code, answer.json()) == (202, {})
    assert box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {leaked}"}).status_code == 401
    assert box.get(ADA, "/api/whoami-v2").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"name": "x", "role": "emperor"},
        {"name": 5},
        {"name": "x", "expiresAt": "tomorrow"},
        {"name": "x", "expiresAt": "1999-01-01"},
        {"name": "x", "role": "fineGrained", "fineGrained": [1]},
        {"name": "x", "role": "fineGrained", "fineGrained": {"global": "all"}},
        {"name": "x", "role": "fineGrained", "fineGrained": {"scoped": [{"entity": "me"}]}},
        {"name": "x", "role": "fineGrained", "fineGrained": {"scoped": [7]}},
        {"name": "x", "role": "fineGrained", "fineGrained": {"scoped": [{}] * 201}},
        {"name": "x", "role": "fineGrained", "fineGrained": {"canReadGatedRepos": "yes"}},
    ],
)
def test_bad_bodies_make_no_token(box: HubBox, sent: object) -> None:
    assert box.http.post("/api/settings/tokens", json=sent, auth=AS_ADA).status_code == 400
    assert box.http.get("/api/settings/tokens", auth=AS_ADA).json() == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "1.0"])
def test_numbers_of_no_token_are_not_found(box: HubBox, number: str) -> None:
    assert box.http.delete(f"/api/settings/tokens/{number}", auth=AS_ADA).status_code == 404


def test_nobody_has_tokens(box: HubBox) -> None:
    assert box.get(NOBODY, "/api/settings/tokens").status_code == 401
    assert box.post(NOBODY, "/api/settings/tokens", json={"name": "x"}).status_code == 401
