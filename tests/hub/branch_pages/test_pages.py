"""Branches and tags are listed, made and deleted on pages."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import commit, make


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"a.txt": "one\n"})
    sign_in(box, ADA)
    return "ada/m"


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("page", ["/branches", "/tags", "/branches?named=main"])
def test_pages_ask_the_database_little(box: HubBox, repo: str, page: str, language: str) -> None:
    with box.counting() as statements:
        assert look(box, f"/{repo}{page}", language).status_code == 200
    assert len(statements) <= 8, statements


def test_a_branch_is_made_and_counted_against_main(box: HubBox, repo: str) -> None:
    assert box.http.post(f"/{repo}/branches", data={"name": "feat/x", "start": "main"}).status_code == 303
    commit(box, repo, {"b.txt": "two\n"})
    page = look(box, f"/{repo}/branches").text
    assert 'href="/ada/m/tree/feat%2Fx"' in page
    assert 'aria-label="1 behind"' in page
    assert 'aria-label="0 ahead"' in page


def test_a_tag_with_a_message_is_made(box: HubBox, repo: str) -> None:
    sent = {"name": "v1", "start": "main", "message": "The first\r\none"}
    assert box.http.post(f"/{repo}/tags", data=sent).headers["location"] == "/ada/m/tags"
    assert 'href="/ada/m/tree/v1"' in look(box, f"/{repo}/tags").text
    assert 'href="/ada/m/archive/v1.zip"' in look(box, f"/{repo}/tags").text


@pytest.mark.parametrize("name", ["", "a..b", "-x", "main", "<script>", "x" * 300])
def test_names_that_cannot_be_are_refused_on_the_page(box: HubBox, repo: str, name: str) -> None:
    answer = box.http.post(f"/{repo}/branches", data={"name": name}, headers={"accept": "text/html"})
    if name != "<script>":
        assert answer.status_code in (400, 409)
        assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_deleting_asks_first(box: HubBox, repo: str) -> None:
    box.http.post(f"/{repo}/branches", data={"name": "gone"})
    asked = look(box, f"/{repo}/branches/delete?ref=refs%2Fheads%2Fgone")
    assert "Everything on this branch is in main as well." in asked.text
    assert box.http.post(f"/{repo}/branches/delete", data={"ref": "refs/heads/gone"}).status_code == 303
    assert "tree/gone" not in look(box, f"/{repo}/branches").text
    assert look(box, f"/{repo}/branches/delete?ref=refs%2Fheads%2Fgone").status_code == 404


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/convert/parquet", "refs/bearhug/x", "", "HEAD"])
def test_what_is_protected_stays(box: HubBox, repo: str, ref: str) -> None:
    answer = box.http.post(f"/{repo}/branches/delete", data={"ref": ref}, headers={"accept": "text/html"})
    assert answer.status_code in (403, 404)
    assert look(box, f"/{repo}/tree/main").status_code == 200


def test_many_branches_come_by_page_and_by_name(box: HubBox, repo: str) -> None:
    for number in range(35):
        box.post(ADA, f"/api/models/{repo}/branch/b{number:02}", json={})
    assert "Page 1 of 2" in look(box, f"/{repo}/branches").text
    assert "tree/b34" in look(box, f"/{repo}/branches?p=1").text
    assert "tree/b33" not in look(box, f"/{repo}/branches?named=B34").text.partition("refs-list")[2]


def test_only_who_may_write_changes_anything(box: HubBox, repo: str) -> None:
    sign_in(box, EVE)
    assert "/branches/delete" not in look(box, f"/{repo}/branches").text
    assert box.http.post(f"/{repo}/branches", data={"name": "x"}).status_code == 403
    assert box.http.post(f"/{repo}/branches/delete", data={"ref": "refs/heads/x"}).status_code == 403
    box.http.cookies.clear()
    assert box.http.post(f"/{repo}/branches", data={"name": "x"}).headers["location"].startswith("/login")
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    sign_in(box, ADA)
    assert box.http.post(f"/{repo}/branches", data={"name": "x"}, headers=elsewhere).status_code == 403
