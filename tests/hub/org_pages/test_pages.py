"""Pages of organizations: making one, members, invitations, settings."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY
from tests.reading import LANGUAGES, look, sign_in, visible
from tests.repowork import make

MEMBERS = "/organizations/lab/members"
SETTINGS = "/organizations/lab/settings"


def roles(box: HubBox) -> dict[str, str]:
    return {one["user"]: one["role"] for one in box.get(NOBODY, "/api/organizations/lab/members").json()}


def link_in(page: str) -> str:
    return "/organizations/join/" + page.partition("/organizations/join/")[2].partition("<")[0]


def test_an_organization_is_made_on_a_page(box: HubBox) -> None:
    assert look(box, "/organizations/new").headers["location"].startswith("/login?next=")
    sign_in(box, ADA)
    taken = box.http.post("/organizations/new", data={"name": "lab", "fullname": "Kept"})
    assert taken.status_code == 409
    assert 'value="Kept"' in taken.text
    answer = box.http.post(
        "/organizations/new", data={"name": "guild", "fullname": "The Guild", "bio": "**We** build."}
    )
    assert answer.headers["location"] == "/organizations/guild/members"
    page = look(box, "/guild").text
    assert "The Guild" in page
    assert "<strong>We</strong>" in page


def test_members_are_seen_by_all_and_changed_by_admins(box: HubBox) -> None:
    sign_in(box, EVE)
    page = look(box, MEMBERS)
    assert (page.status_code, 'name="role"' in page.text) == (200, False)
    for deed in (
        {"deed": "role", "user": "bob", "role": "admin"},
        {"deed": "remove", "user": "bob"},
        {"deed": "link", "role": "read", "life": "7"},
    ):
        assert box.http.post(MEMBERS, data=deed).status_code == 403
    sign_in(box, ADA)
    for language in LANGUAGES:
        with box.counting() as statements:
            assert 'name="role"' in look(box, MEMBERS, language).text
        assert len(statements) <= 8
    assert box.http.post(MEMBERS, data={"deed": "role", "user": "bob", "role": "contributor"}).status_code == 303
    assert roles(box) == {"ada": "admin", "bob": "contributor"}
    assert box.http.post(MEMBERS, data={"deed": "role", "user": "bob", "role": "king"}).status_code == 400
    assert box.http.post(MEMBERS, data={"deed": "remove", "user": "bob"}).status_code == 303
    assert roles(box) == {"ada": "admin"}


def test_the_last_admin_stays(box: HubBox) -> None:
    sign_in(box, ADA)
    for deed in ({"deed": "leave"}, {"deed": "role", "user": "ada", "role": "read"}):
        answer = box.http.post(MEMBERS, data=deed, headers={"accept-language": "zh"})
        assert answer.status_code == 409
        assert "组织至少需要一位管理员" in answer.text
    sign_in(box, BOB)
    assert box.http.post(MEMBERS, data={"deed": "leave"}).headers["location"] == "/lab"
    assert roles(box) == {"ada": "admin"}


def test_an_invitation_by_name_waits_for_its_answer(box: HubBox) -> None:
    sign_in(box, ADA)
    sent = {"deed": "invite", "user": "eve", "role": "write", "life": "7"}
    for _ in range(2):  # asking again replaces the first
        assert box.http.post(MEMBERS, data=sent).status_code == 303
    assert look(box, MEMBERS).text.count('value="revoke"') == 1
    nobody = box.http.post(MEMBERS, data={**sent, "user": "no<b>body"})
    assert nobody.status_code == 404
    assert "no<b>body" not in nobody.text
    assert box.http.post(MEMBERS, data={**sent, "user": "bob"}).status_code == 409
    asked = box.get(EVE, "/api/settings/invitations").json()
    assert [(one["organization"], one["role"]) for one in asked] == [("lab", "write")]
    assert box.post(BOB, f"/api/settings/invitations/{asked[0]['id']}/accept", json={}).status_code == 404
    assert box.post(EVE, f"/api/settings/invitations/{asked[0]['id']}/accept", json={}).status_code == 200
    assert roles(box)["eve"] == "write"
    assert box.post(EVE, f"/api/settings/invitations/{asked[0]['id']}/accept", json={}).status_code == 404


def test_a_link_lets_in_until_it_is_revoked(box: HubBox) -> None:
    sign_in(box, ADA)
    refused = box.http.post(MEMBERS, data={"deed": "link", "role": "admin", "life": "7"})
    assert refused.status_code == 400
    link = link_in(box.http.post(MEMBERS, data={"deed": "link", "role": "read", "life": "7"}).text)
    box.http.cookies.clear()
    assert look(box, link).headers["location"].startswith("/login?next=")
    sign_in(box, EVE)
    for language in LANGUAGES:
        assert "ada" in visible(look(box, link, language))
    assert "eve" not in roles(box)  # looking is not joining
    assert box.http.post(link).headers["location"] == "/lab"
    assert box.http.post(link).status_code == 303
    assert roles(box)["eve"] == "read"
    sign_in(box, ADA)
    page = look(box, MEMBERS).text
    assert "1 joined" in page
    number = page.partition('name="id" value="')[2].partition('"')[0]
    box.http.post(MEMBERS, data={"deed": "revoke", "id": number})
    assert look(box, link).status_code == 404
    assert box.http.post("/organizations/join/" + "x" * 500).status_code == 404


def test_a_member_is_not_made_less_by_a_link(box: HubBox) -> None:
    sign_in(box, ADA)
    link = link_in(box.http.post(MEMBERS, data={"deed": "link", "role": "read", "life": "7"}).text)
    sign_in(box, BOB)
    box.http.post(link)
    assert roles(box)["bob"] == "write"


def test_invitations_by_json(box: HubBox) -> None:
    path = "/api/organizations/lab/invitations"
    assert box.post(BOB, path, json={"user": "eve"}).status_code == 403
    assert box.post(ADA, path, json={"user": "eve", "days": "x"}).status_code == 400
    assert box.post(ADA, path, json={"user": "eve", "days": 0}).status_code == 400
    assert box.post(ADA, path, json={"user": "eve", "role": "write"}).status_code == 200
    assert "/organizations/join/" in box.post(ADA, path, json={"role": "read"}).json()["link"]
    listed = box.get(ADA, path).json()
    assert [one["user"] for one in listed] == [None, "eve"]
    assert box.delete(ADA, f"{path}/{listed[0]['id']}").status_code == 200
    assert box.delete(ADA, f"{path}/x").status_code == 404
    assert box.post(EVE, f"/api/settings/invitations/{listed[1]['id']}/decline", json={}).status_code == 200
    assert box.get(ADA, path).json() == []


def test_settings_of_an_organization_are_for_its_admins(box: HubBox) -> None:
    sign_in(box, BOB)
    assert look(box, SETTINGS).status_code == 403
    assert box.http.post(SETTINGS, data={"deed": "delete", "typed": "lab"}).status_code == 403
    assert box.http.post("/organizations/lab/avatar", files={"picture": ("x", b"x")}).status_code == 403
    sign_in(box, ADA)
    for language in LANGUAGES:
        assert look(box, SETTINGS, language).status_code == 200
    sent = {
        "deed": "profile",
        "fullname": "The Lab",
        "bio": "*hi* <script>alert(1)</script>",
        "links": "https://lab.example",
    }
    assert box.http.post(SETTINGS, data=sent).headers["location"] == "/lab"
    page = look(box, "/lab", "zh").text
    assert "<em>hi</em>" in page
    assert "<script>alert" not in page
    wrong = box.http.post(SETTINGS, data={**sent, "homepage": "ftp://x"})
    assert wrong.status_code == 400
    assert "The Lab" in wrong.text


def test_an_organization_is_renamed_and_deleted_with_its_name_typed(box: HubBox) -> None:
    make(box, organization="lab")
    sign_in(box, ADA)
    renamed = box.http.post(SETTINGS, data={"deed": "rename", "name": "Works"})
    assert renamed.headers["location"] == "/organizations/Works/settings?saved=true"
    path = "/organizations/works/settings"
    assert box.http.post(path, data={"deed": "delete", "typed": "lab"}).status_code == 400
    assert box.http.post(path, data={"deed": "delete", "typed": "Works"}).status_code == 409
    box.delete(ADA, "/api/repos/delete", json={"name": "Works/m"})
    assert (
        box.http.post(path, data={"deed": "delete", "typed": "Works"}).headers["location"] == "/settings/organizations"
    )
    assert look(box, "/works").status_code == 404


@pytest.mark.parametrize("deed", ["", "invite", "link", "shout"])
def test_forms_that_say_nothing_change_nothing(box: HubBox, deed: str) -> None:
    sign_in(box, ADA)
    assert box.http.post(MEMBERS, data={"deed": deed}).status_code in (400, 404)
    assert roles(box) == {"ada": "admin", "bob": "write"}
