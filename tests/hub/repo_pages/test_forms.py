"""Making, changing and deleting repositories on pages."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB
from tests.reading import look, sign_in
from tests.repowork import make


@pytest.mark.parametrize(("path", "address"), [("/new", ""), ("/new-dataset", "/datasets"), ("/new-space", "/spaces")])
def test_a_form_makes_each_kind(box: HubBox, path: str, address: str) -> None:
    assert look(box, path).headers["location"].startswith("/login?next=")
    sign_in(box, BOB)
    assert "<option>lab</option>" in look(box, path, "zh").text
    answer = box.http.post(path, data={"owner": "lab", "name": "fresh", "licence": "mit", "visibility": "private"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}/lab/fresh")
    assert "private" in look(box, f"{address}/lab/fresh").text


def test_what_is_wrong_with_a_new_repository_is_said_on_the_form(box: HubBox) -> None:
    sign_in(box, ADA)
    answer = box.http.post("/new", data={"owner": "ada", "name": '"><script>', "licence": "mit"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert 'role="alert"' in answer.text


def test_settings_are_for_those_who_administer(box: HubBox) -> None:
    make(box)
    sign_in(box, BOB)
    assert look(box, "/ada/m/settings").status_code == 403
    assert box.http.post("/ada/m/settings", data={"deed": "delete", "typed": "ada/m"}).status_code == 403


def test_visibility_name_and_end_of_a_repository(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    box.http.post("/ada/m/settings", data={"deed": "visibility", "visibility": "private"})
    assert "private" in look(box, "/ada/m").text
    moved = box.http.post("/ada/m/settings", data={"deed": "rename", "owner": "ada", "name": "n"})
    assert moved.headers["location"] == "/ada/n"
    assert look(box, "/ada/m").headers["location"] == "/ada/n"
    wrong = box.http.post("/ada/n/settings", data={"deed": "delete", "typed": "ada/m"})
    assert wrong.status_code == 400
    assert box.http.post("/ada/n/settings", data={"deed": "delete", "typed": "ada/n"}).headers["location"] == "/ada"
    assert look(box, "/ada/n").status_code == 404
