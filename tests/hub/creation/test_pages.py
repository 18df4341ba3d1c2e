"""Making repositories on pages: new ones, from templates, and duplicates."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import commit, make

FORMS = [("/new", "", "models"), ("/new-dataset", "/datasets", "datasets"), ("/new-space", "/spaces", "spaces")]


def sent(**changed: str) -> dict[str, str]:
    usual = {"owner": "ada", "name": "fresh", "licence": "mit", "visibility": "public", "start": ""}
    return {**usual, **changed}


@pytest.mark.parametrize(("path", "address", "types"), FORMS)
def test_a_form_makes_each_kind(box: HubBox, path: str, address: str, types: str) -> None:
    assert look(box, path).headers["location"].startswith("/login?next=")
    sign_in(box, BOB)
    for language in LANGUAGES:
        with box.counting() as statements:
            page = look(box, f"{path}?owner=lab&name=asked", language).text
        assert "<option selected>lab</option>" in page
        assert 'value="asked"' in page
        assert "Apache License 2.0" in page
        assert len(statements) <= 5
    answer = box.http.post(path, data=sent(owner="lab", visibility="private"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}/lab/fresh")
    assert box.get(BOB, f"/api/{types}/lab/fresh").json()["private"] is True
    assert "private" in look(box, f"{address}/lab/fresh").text


@pytest.mark.parametrize(("language", "words"), [("en", "Where its limits are"), ("zh", "局限")])
def test_a_card_to_fill_in_speaks_the_language_of_who_makes_it(box: HubBox, language: str, words: str) -> None:
    sign_in(box, ADA)
    box.http.post("/new", data=sent(start="card"), headers={"accept-language": language})
    card = box.get(ADA, "/ada/fresh/raw/main/README.md").text
    assert card.startswith("---\nlicense: mit\n---\n")
    assert words in card
    assert "# fresh" in card
    box.http.post("/new-dataset", data=sent(start="card", licence=""))
    assert box.get(ADA, "/datasets/ada/fresh/raw/main/README.md").text.lstrip().startswith("# fresh")


@pytest.mark.parametrize(
    ("start", "path", "words"),
    [
        ("static", "index.html", "<h1>fresh</h1>"),
        ("gradio", "app.py", "gr.Interface"),
        ("docker", "Dockerfile", "EXPOSE 7860"),
    ],
)
def test_a_space_begins_with_something_that_runs(box: HubBox, start: str, path: str, words: str) -> None:
    sign_in(box, ADA)
    assert box.http.post("/new-space", data=sent(start=start)).status_code == 303
    assert words in box.get(ADA, f"/spaces/ada/fresh/raw/main/{path}").text
    box.settle()
    card = box.get(ADA, "/spaces/ada/fresh/raw/main/README.md").text
    assert f"sdk: {start}\n" in card
    assert "license: mit\n" in card


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": '"><script>'},
        {"name": "--"},
        {"name": ""},
        {"licence": "a\nb: c"},
        {"start": "../../etc"},
        {"owner": "bob"},
    ],
)
def test_what_is_wrong_is_said_on_the_form_and_what_was_typed_stays(box: HubBox, wrong: dict[str, str]) -> None:
    sign_in(box, ADA)
    answer = box.http.post("/new", data=sent(visibility="private", **wrong))
    assert answer.status_code in (400, 403)
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert 'value="private" checked' in answer.text


def test_a_name_that_is_taken_is_said_in_chinese_too(box: HubBox) -> None:
    make(box, "fresh")
    sign_in(box, ADA)
    answer = box.http.post("/new", data=sent(), headers={"accept-language": "zh"})
    assert answer.status_code == 409
    assert "同名仓库已存在" in answer.text


def test_nobody_makes_nothing(box: HubBox) -> None:
    assert box.http.post("/new", data=sent()).status_code == 401
    assert box.http.post("/new", data=sent(), headers={"sec-fetch-site": "cross-site"}).status_code == 401


def test_a_reader_duplicates_a_repository(box: HubBox) -> None:
    make(box)
    commit(box, "ada/m", {"w.txt": "weights"})
    assert look(box, "/ada/m/duplicate").headers["location"].startswith("/login?next=")
    sign_in(box, EVE)
    for language in LANGUAGES:
        assert 'value="m"' in look(box, "/ada/m/duplicate", language).text
    form = {"owner": "eve", "name": "mine", "visibility": "private"}
    assert box.http.post("/ada/m/duplicate", data=form).headers["location"] == "/eve/mine"
    assert box.get(EVE, "/eve/mine/resolve/main/w.txt").text == "weights"
    again = box.http.post("/ada/m/duplicate", data=form)
    assert again.status_code == 409
    assert 'value="mine"' in again.text
    assert box.http.post("/ada/m/duplicate", data={**form, "owner": "ada"}).status_code == 403


def test_what_is_hidden_cannot_be_duplicated(box: HubBox) -> None:
    make(box, private=True)
    sign_in(box, EVE)
    assert look(box, "/ada/m/duplicate").status_code == 404
    assert box.http.post("/ada/m/duplicate", data={"owner": "eve", "name": "m"}).status_code == 404
    box.put(ADA, "/api/models/ada/m/settings", json={"private": False, "gated": "manual"})
    assert box.http.post("/ada/m/duplicate", data={"owner": "eve", "name": "m"}).status_code == 403
