"""Settings of one's own account."""

from io import BytesIO

import pytest
from PIL import Image
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in, visible
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.hub.access.records import Role
from bearhug.hub.settings.records import Registration

PAGES = [
    "profile",
    "password",
    "sessions",
    "tokens",
    "tokens/new",
    "organizations",
    "storage",
    "gated",
    "appearance",
    "delete",
]


def png() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_for_people_who_signed_in(box: HubBox, page: str) -> None:
    path = f"/settings/{page}"
    assert look(box, path).headers["location"].startswith("/login?next=")
    sign_in(box, ADA)
    for language in LANGUAGES:
        with box.counting() as statements:
            answer = look(box, path, language)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert len(statements) <= 9, statements


def test_a_profile_is_changed_and_seen(box: HubBox) -> None:
    sign_in(box, ADA)
    sent = {
        "fullname": "Ada <b>L</b>",
        "bio": "# Hello\r\n<script>alert(1)</script>",
        "homepage": "javascript:alert(1)",
    }
    wrong = box.http.post("/settings/profile", data=sent)
    assert wrong.status_code == 400
    assert "javascript:alert(1)" in wrong.text  # what was typed is kept
    sent |= {"homepage": "https://ada.example", "links": "https://one.example\n\n https://two.example "}
    assert box.http.post("/settings/profile", data=sent).status_code == 200
    page = look(box, "/ada").text
    assert "Ada &lt;b&gt;L" in page
    assert "<script>alert" not in page
    assert 'href="https://two.example"' in page
    assert "Hello</h1>" in page or "Hello" in page


@pytest.mark.parametrize(
    "links", ["javascript:alert(1)", "\n".join(["https://x.example"] * 7), "https://" + "x" * 1000]
)
def test_links_are_few_and_lead_to_pages(box: HubBox, links: str) -> None:
    sign_in(box, ADA)
    assert box.http.post("/settings/profile", data={"links": links}).status_code == 400


def test_a_picture_comes_by_a_form_and_goes_again(box: HubBox) -> None:
    sign_in(box, ADA)
    sent = box.http.post("/settings/avatar", files={"picture": ("me.png", png(), "image/png")})
    assert sent.status_code == 200
    assert box.http.get("/avatars/ada").headers["content-type"] == "image/webp"
    for content in (b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n"):
        assert box.http.post("/settings/avatar", files={"picture": ("x", content, "image/png")}).status_code == 400
    assert box.http.post("/settings/avatar", data={"picture": "x"}).status_code == 400
    assert box.http.get("/avatars/ada").headers["content-type"] == "image/webp"
    removed = box.http.post("/settings/avatar", files={"picture": ("", b"")}, data={"remove": "1"})
    assert removed.status_code == 200
    assert box.http.get("/avatars/ada").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 300),
        ("multipart/form-data; boundary=" + "x" * 500, b""),
    ],
)
def test_a_broken_form_is_refused(box: HubBox, kind: str, body: bytes) -> None:
    sign_in(box, ADA)
    answer = box.http.post("/settings/avatar", content=body, headers={"content-type": kind})
    assert answer.status_code == 400


def test_a_password_is_changed_by_who_knows_the_old_one(box: HubBox) -> None:
    sign_in(box, ADA)
    wrong = box.http.post("/settings/password", data={"old": "not it", "new": "a better one 12"})
    assert wrong.status_code == 401
    assert box.http.post("/settings/password", data={"old": ADA.password, "new": "a better one 12"}).status_code == 200
    assert look(box, "/settings/profile").status_code == 200  # this browser stays signed in


def test_other_browsers_are_listed_and_signed_out(box: HubBox) -> None:
    for agent in ("Firefox <b>", "Chrome"):
        box.app.sessions.sign_in("ada", ADA.password, ip="192.0.2.1", agent=agent)
    sign_in(box, ADA)
    page = look(box, "/settings/sessions").text
    assert page.count('name="id"') == 2
    assert "Firefox &lt;b&gt;" in page
    number = page.partition('name="id" value="')[2].partition('"')[0]
    box.http.post("/settings/sessions", data={"id": number})
    assert look(box, "/settings/sessions").text.count('name="id"') == 1
    box.http.post("/settings/sessions", data={"others": "1"})
    assert look(box, "/settings/sessions").text.count('name="id"') == 0
    assert box.http.post("/settings/sessions", data={"id": "9" * 30}).status_code == 404


def test_an_account_ends_with_its_name_and_its_password(box: HubBox) -> None:
    sign_in(box, EVE)
    right = {"typed": "eve", "password": EVE.password}
    assert box.http.post("/settings/delete", data={**right, "typed": "Eve"}).status_code == 400
    assert box.http.post("/settings/delete", data={**right, "password": "guessed"}).status_code == 401
    by_token = box.post(EVE, "/settings/delete", data=right)
    assert by_token.status_code == 403
    make(box, person=EVE)
    assert "repositories" in visible(box.http.post("/settings/delete", data=right))
    box.delete(EVE, "/api/repos/delete", json={"name": "m"})
    assert box.http.post("/settings/delete", data=right).headers["location"] == "/"
    assert look(box, "/eve").status_code == 404


def test_nobody_leaves_an_organization_without_an_admin_behind(box: HubBox) -> None:
    sign_in(box, ADA)
    answer = box.http.post("/settings/delete", data={"typed": "ada", "password": ADA.password})
    assert answer.status_code == 409
    assert "lab" in visible(answer)


def test_storage_lists_the_largest_first(box: HubBox) -> None:
    for name, size in (("small", 2000), ("big", 9000)):
        make(box, name)
        content = name.encode() * size
        upload(box, f"ada/{name}", content)
        send(box, f"ada/{name}", lines(large("w.bin", content), add("x", "y")))
    box.settle()
    sign_in(box, ADA)
    with box.counting() as statements:
        page = look(box, "/settings/storage", "zh").text
    assert page.index("/ada/big") < page.index("/ada/small")
    assert len(statements) <= 40


def test_requests_for_gated_repositories_are_listed(box: HubBox) -> None:
    make(box)
    commit(box, "ada/m", {"w": "weights"})
    box.put(ADA, "/api/models/ada/m/settings", json={"gated": "manual"})
    assert box.post(BOB, "/ada/m/ask-access", json={}).status_code == 200
    sign_in(box, BOB)
    assert "/ada/m" in look(box, "/settings/gated").text


def test_an_administrator_invites_and_takes_it_back(box: HubBox) -> None:
    sign_in(box, ADA)
    assert look(box, "/settings/invitations").status_code == 403
    assert box.http.post("/settings/invitations", data={"life": "7"}).status_code == 403
    box.app.accounts.make_admin("ada")
    box.app.settings.change("registration", Registration.INVITE.value)
    page = box.http.post("/settings/invitations", data={"note": "for <Grace>", "life": "7"}).text
    secret = page.partition("/join?invite=")[2].partition("<")[0]
    assert "for &lt;Grace&gt;" in page
    listed = look(box, "/settings/invitations", "zh").text
    assert secret not in listed
    number = listed.partition('name="id" value="')[2].partition('"')[0]
    assert box.http.post("/settings/invitations/revoke", data={"id": number}).status_code == 303
    sent = {"username": "grace", "password": "cobol cobol cobol", "invite": secret}
    assert box.http.post("/join", data=sent).status_code == 403
    assert box.http.post("/settings/invitations", data={"life": "9999"}).status_code == 400


def test_an_invitation_is_answered_in_the_settings(box: HubBox) -> None:
    for accept in ("accept", "decline"):
        box.app.invitations.invite(box.actor(ADA), "lab", "eve", Role.READ, days=7)
        sign_in(box, EVE)
        page = look(box, "/settings/organizations", "zh").text
        number = page.partition('name="id" value="')[2].partition('"')[0]
        answer = box.http.post("/settings/organizations", data={"id": number, accept: "1"})
        assert answer.status_code == 303
        is_member = "eve" in [one["user"] for one in box.get(ADA, "/api/organizations/lab/members").json()]
        assert is_member == (accept == "accept")
        if is_member:
            box.app.orgs.remove_member(box.actor(ADA), "lab", "eve")
