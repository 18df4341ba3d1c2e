"""Lists of owners who changed their names."""

from tests.hubbox import HubBox
from tests.people import ADA, NOBODY
from tests.repowork import make


def test_a_former_name_lists_what_its_owner_has_now(box: HubBox) -> None:
    make(box)
    box.app.profiles.rename(box.actor(ADA), "ada", "lovelace")
    for name in ("ada", "Lovelace"):
        assert [row["id"] for row in box.get(NOBODY, f"/api/models?author={name}").json()] == ["lovelace/m"]
    assert box.get(NOBODY, "/api/models?author=nobody-at-all").json() == []


def test_an_endpoint_that_does_not_exist_is_not_taken_for_a_repository(box: HubBox) -> None:
    answer = box.get(NOBODY, "/api/modles?author=ada")
    assert (answer.status_code, answer.headers.get("x-error-code")) == (404, None)
    assert "no endpoint /api/modles" in answer.json()["error"]
