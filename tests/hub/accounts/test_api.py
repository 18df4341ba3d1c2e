"""One's profile and picture by HTTP."""

from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY

from bearhug.hub.access.records import TokenKind

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def test_people_change_their_own_profile(box: HubBox) -> None:
    sent = {"fullname": "Ada L", "details": "Counts.", "homepage": "https://ada.example", "email": "ada@example.org"}
    assert box.put(ADA, "/api/settings/profile", json=sent).status_code == 200
    seen = box.get(NOBODY, "/api/users/ada/overview").json()
    assert (seen["fullname"], seen["details"], seen["homepage"]) == ("Ada L", "Counts.", "https://ada.example")
    assert "email" not in seen
    assert box.get(ADA, "/api/whoami-v2").json()["email"] == "ada@example.org"


def test_a_read_token_changes_no_profile(box: HubBox) -> None:
    headers = {"authorization": f"Bearer {box.token(ADA, TokenKind.READ)}"}
    assert box.http.put("/api/settings/profile", json={}, headers=headers).status_code == 403
    assert box.put(NOBODY, "/api/settings/profile", json={}).status_code == 401


def test_who_gave_no_picture_gets_a_drawn_one(box: HubBox) -> None:
    drawn = box.get(NOBODY, "/avatars/ada")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text == box.get(NOBODY, "/avatars/ADA").text
    assert drawn.text != box.get(NOBODY, "/avatars/bob").text


def test_a_picture_is_kept_and_revalidated_and_taken_back(box: HubBox) -> None:
    assert box.put(ADA, "/api/settings/avatar", content=PNG).status_code == 200
    seen = box.get(EVE, "/avatars/ada")
    assert (seen.content, seen.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in seen.headers["content-security-policy"]
    again = box.get(EVE, "/avatars/ada", headers={"if-none-match": seen.headers["etag"]})
    assert again.status_code == 304
    assert box.delete(ADA, "/api/settings/avatar").status_code == 200
    assert box.get(EVE, "/avatars/ada").headers["content-type"] == "image/svg+xml"


def test_only_small_raster_images_are_pictures(box: HubBox) -> None:
    assert box.put(ADA, "/api/settings/avatar", content=b"<svg onload='x'/>").status_code == 400
    assert box.put(ADA, "/api/settings/avatar", content=PNG + b"\0" * 600_000).status_code == 413
    assert box.put(NOBODY, "/api/settings/avatar", content=PNG).status_code == 401
