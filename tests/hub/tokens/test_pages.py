"""The page of access tokens."""

import re

from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in


def test_a_token_is_shown_once_and_works_until_it_is_revoked(box: HubBox) -> None:
    assert look(box, "/settings/tokens").status_code == 303
    sign_in(box, ADA)
    page = box.http.post("/settings/tokens", data={"name": "laptop", "kind": "write", "life": "30"})
    assert page.headers["cache-control"] == "no-store"
    secret = re.search(r"hf_\w+", page.text)
    assert secret is not None
    listed = look(box, "/settings/tokens", "zh").text
    assert "laptop" in listed
    assert secret[0] not in listed
    shown = {"authorization": f"Bearer {secret[0]}"}
    assert box.http.get("/api/whoami-v2", headers=shown).json()["name"] == "ada"
    number = re.search(r'name="id" value="(\d+)"', listed)
    assert number is not None
    assert box.http.post("/settings/tokens/revoke", data={"id": number[1]}).status_code == 303
    assert box.http.get("/api/whoami-v2", headers=shown).status_code == 401


def test_a_token_without_a_name_is_not_made(box: HubBox) -> None:
    sign_in(box, ADA)
    assert box.http.post("/settings/tokens", data={"name": " ", "kind": "read", "life": ""}).status_code == 400
    assert box.http.post("/settings/tokens", data={"name": "x", "kind": "root", "life": ""}).status_code == 400
    assert box.http.post("/settings/tokens/revoke", data={"id": "x"}).status_code == 404
