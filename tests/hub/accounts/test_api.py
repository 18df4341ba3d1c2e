"""One's profile and picture by HTTP."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from zlib import crc32

import pytest
from PIL import Image
from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY

from bearhug.hub.access.records import TokenKind


def picture(width: int, height: int, kind: str = "PNG", colour: str = "teal") -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, kind)
    return written.getvalue()


PNG = picture(300, 100)


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
    assert seen.headers["content-type"] == "image/webp"
    assert Image.open(BytesIO(seen.content)).size == (256, 256)
    assert "sandbox" in seen.headers["content-security-policy"]
    again = box.get(EVE, "/avatars/ada", headers={"if-none-match": seen.headers["etag"]})
    assert again.status_code == 304
    assert box.delete(ADA, "/api/settings/avatar").status_code == 200
    assert box.get(EVE, "/avatars/ada").headers["content-type"] == "image/svg+xml"


def test_only_small_raster_images_are_pictures(box: HubBox) -> None:
    assert box.put(ADA, "/api/settings/avatar", content=b"<svg onload='x'/>").status_code == 400
    assert box.put(ADA, "/api/settings/avatar", content=PNG + b"\0" * 9_000_000).status_code == 413
    assert box.put(NOBODY, "/api/settings/avatar", content=PNG).status_code == 401


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_nothing_of_a_picture_is_cut_off(box: HubBox, kind: str) -> None:
    assert box.put(ADA, "/api/settings/avatar", content=picture(300, 100, kind)).status_code == 200
    small = Image.open(BytesIO(box.get(NOBODY, "/avatars/ada").content)).convert("RGBA")
    assert small.getpixel((128, 128))[3] == 255  # type: ignore[index]
    assert small.getpixel((128, 4))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("content", [PNG[:60], b"GIF89a" + b"\xff" * 50, b"RIFF\0\0\0\0WEBPVP8 ", b"", b"<?xml"])
def test_a_broken_picture_is_refused_with_words(box: HubBox, content: bytes) -> None:
    assert box.put(ADA, "/api/settings/avatar", content=content).status_code == 400


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(box: HubBox) -> None:
    bomb = bytearray(picture(1, 1))
    bomb[16:24] = (20_000).to_bytes(4) * 2
    bomb[29:33] = crc32(bytes(bomb[12:29])).to_bytes(4)
    answer = box.put(ADA, "/api/settings/avatar", content=bytes(bomb))
    assert answer.status_code == 400
    assert "picture" in answer.json()["error"]


def test_the_last_of_several_pictures_at_once_stays(box: HubBox) -> None:
    box.token(ADA)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: box.put(ADA, "/api/settings/avatar", content=PNG).status_code, range(6)))
    assert set(answers) == {200}
    assert box.get(EVE, "/avatars/ada").headers["content-type"] == "image/webp"
