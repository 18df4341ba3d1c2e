"""Folders move with all that is in them, in one commit; nothing is lost and nothing is written over."""

import pytest
from tests.hub.editing.test_pages import HOSTILE, content
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import commit, large, lines, make, send, upload

LARGE = b"large" * 100


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"a.txt": "one\n", "docs/x.md": "# Hello\n", "docs/deep/y.txt": HOSTILE})
    sign_in(box, ADA)
    return "ada/m"


def commits(box: HubBox) -> int:
    return len(box.get(ADA, "/api/models/ada/m/commits/main").json())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_says_how_much_moves(box: HubBox, repo: str, language: str) -> None:
    page = look(box, f"/{repo}/move/main/docs", language).text
    assert 'value="docs"' in page
    assert "2 " in page
    assert f"/{repo}/move/main/docs" in look(box, f"/{repo}/tree/main/docs", language).text


def test_a_folder_moves_in_one_commit(box: HubBox, repo: str) -> None:
    before = commits(box)
    done = box.http.post(f"/{repo}/move/main/docs", data={"path": "texts/all", "where": "here"})
    assert (done.status_code, done.headers["location"]) == (303, f"/{repo}/tree/main/texts/all")
    assert commits(box) == before + 1
    assert content(box, "texts/all/deep/y.txt").decode() == HOSTILE
    assert box.get(ADA, f"/{repo}/resolve/main/docs/x.md").status_code == 404
    assert content(box, "a.txt") == b"one\n"


def test_a_folder_moves_to_a_new_branch(box: HubBox, repo: str) -> None:
    form = {"path": "texts", "where": "new", "branch": "moved", "summary": "Other words"}
    assert box.http.post(f"/{repo}/move/main/docs", data=form).status_code == 303
    assert content(box, "docs/x.md") == b"# Hello\n"
    assert content(box, "texts/x.md", "moved") == b"# Hello\n"


def test_large_files_move_too_and_stay_large(box: HubBox, repo: str) -> None:
    sha256 = upload(box, repo, LARGE)
    assert send(box, repo, lines(large("docs/some.data", LARGE))).status_code == 200
    assert box.http.post(f"/{repo}/move/main/docs", data={"path": "texts", "where": "here"}).status_code == 303
    there = {one["path"]: one for one in box.get(ADA, f"/api/models/{repo}/tree/main/texts").json()}
    assert there["texts/some.data"]["lfs"]["oid"] == sha256
    assert "texts/some.data" in content(box, ".gitattributes").decode()


@pytest.mark.parametrize("target", ["docs", "docs/inner", "a.txt", "a.txt/b", "../out", ".git/x", "", "x//y"])
def test_a_folder_does_not_move_where_it_cannot_be(box: HubBox, repo: str, target: str) -> None:
    before = commits(box)
    answer = box.http.post(f"/{repo}/move/main/docs", data={"path": target, "where": "here"})
    assert answer.status_code == 400
    assert commits(box) == before


def test_only_who_may_write_moves(box: HubBox, repo: str) -> None:
    for person, status in ((EVE, 403), (BOB, 403)):
        sign_in(box, person)
        assert look(box, f"/{repo}/move/main/docs").status_code == status
        assert box.http.post(f"/{repo}/move/main/docs", data={"path": "x"}).status_code == status


def test_a_file_is_no_folder(box: HubBox, repo: str) -> None:
    assert look(box, f"/{repo}/move/main/a.txt").status_code == 404
    assert look(box, f"/{repo}/move/main/nothing").status_code == 404
