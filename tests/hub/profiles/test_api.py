"""What the hub tells about people and organisations."""

from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY

from bearhug.hub.access.records import TokenKind


def test_whoami_tells_name_organisations_and_token(box: HubBox) -> None:
    me = box.get(BOB, "/api/whoami-v2").json()
    assert (me["type"], me["name"], me["isPro"]) == ("user", "bob", False)
    assert len(me["id"]) == 24
    assert [(org["name"], org["roleInOrg"], org["type"]) for org in me["orgs"]] == [(LAB, "write", "org")]
    token = me["auth"]["accessToken"]
    assert (me["auth"]["type"], token["role"], token["displayName"]) == ("access_token", "write", "write-token")


def test_whoami_names_a_read_token(box: HubBox) -> None:
    headers = {"authorization": f"Bearer {box.token(ADA, TokenKind.READ)}"}
    me = box.http.get("/api/whoami-v2", headers=headers).json()
    assert me["auth"]["accessToken"]["role"] == "read"


def test_whoami_is_for_those_who_signed_in(box: HubBox) -> None:
    answer = box.get(NOBODY, "/api/whoami-v2")
    assert (answer.status_code, answer.json()["error"]) == (401, "Invalid username or password.")


def test_an_overview_counts_what_the_asker_may_see(box: HubBox) -> None:
    for number, private in enumerate((False, True)):
        for owner in ("ada", LAB):
            sent = {"name": f"m{number}", "private": private, "organization": owner}
            assert box.post(ADA, "/api/repos/create", json=sent).status_code == 200
    box.post(ADA, "/api/repos/create", json={"name": "d", "type": "dataset"})
    for person, of_ada, of_lab in ((ADA, 2, 2), (BOB, 1, 2), (EVE, 1, 1), (NOBODY, 1, 1)):
        user = box.get(person, "/api/users/ADA/overview").json()
        assert (user["numModels"], user["numDatasets"], user["numSpaces"]) == (of_ada, 1, 0)
        assert box.get(person, f"/api/organizations/{LAB}/overview").json()["numModels"] == of_lab


def test_users_and_organisations_are_told_apart(box: HubBox) -> None:
    assert box.get(NOBODY, "/api/users/ada/overview").json()["orgs"][0]["name"] == LAB
    assert box.get(NOBODY, f"/api/organizations/{LAB}/overview").json()["numUsers"] == 2
    for path in (f"/api/users/{LAB}/overview", "/api/organizations/ada/overview", "/api/users/ghost/avatar"):
        assert box.get(NOBODY, path).status_code == 404


def test_members_come_in_pages_that_link_to_the_next(box: HubBox) -> None:
    first = box.get(NOBODY, f"/api/organizations/{LAB}/members?limit=1")
    assert [row["user"] for row in first.json()] == ["ada"]
    address = first.links["next"]["url"]
    assert address.startswith("http://hub.test/api/")
    second = box.http.get(address)
    assert [row["user"] for row in second.json()] == ["bob"]
    assert box.http.get(second.links["next"]["url"]).json() == []


def test_a_renamed_user_is_found_under_the_old_name(box: HubBox) -> None:
    assert box.post(ADA, "/api/settings/rename", json={"name": "countess"}).json() == {"name": "countess"}
    answer = box.get(NOBODY, "/api/users/ada/overview")
    assert (answer.status_code, answer.headers["location"]) == (307, "/api/users/countess/overview")


def test_pictures_have_an_address(box: HubBox) -> None:
    url = box.get(NOBODY, "/api/users/ada/avatar").json()["avatarUrl"]
    assert url == "http://hub.test/avatars/ada"
    assert (
        box.get(NOBODY, f"/api/organizations/{LAB}/avatar?redirect=true").headers["location"].endswith("/avatars/lab")
    )


def test_an_overview_costs_few_queries(box: HubBox) -> None:
    box.app.settings.now()
    with box.counting() as statements:
        box.get(NOBODY, "/api/users/ada/overview")
    assert len(statements) <= 5


def test_repositories_follow_their_renamed_owner(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    box.post(ADA, "/api/repos/create", json={"name": "secret", "private": True})
    box.post(ADA, "/api/settings/rename", json={"name": "countess"})
    moved = box.get(EVE, "/api/models/ada/m/auth-check")
    assert (moved.status_code, moved.headers["location"]) == (307, "/api/models/countess/m/auth-check")
    assert box.get(EVE, "/api/models/countess/m/auth-check").status_code == 200
    assert box.get(EVE, "/api/models/ada/secret/auth-check").status_code == 404
    assert box.get(ADA, "/api/models/ada/secret/auth-check").status_code == 307


def test_organisations_are_renamed_by_their_administrators(box: HubBox) -> None:
    for person, status in ((NOBODY, 401), (EVE, 403), (BOB, 403)):
        assert box.post(person, f"/api/organizations/{LAB}/rename", json={"name": "guild"}).status_code == status
    assert box.post(ADA, f"/api/organizations/{LAB}/rename", json={"name": "Bob"}).status_code == 409
    assert box.post(ADA, f"/api/organizations/{LAB}/rename", json={"name": "guild"}).status_code == 200
    assert (
        box.get(NOBODY, f"/api/organizations/{LAB}/members").headers["location"] == "/api/organizations/guild/members"
    )
    assert box.post(NOBODY, "/api/settings/rename", json={"name": "x1"}).status_code == 401
