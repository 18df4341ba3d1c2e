"""Names that differ only in letter case or Unicode form: refused through every door, kept where they are already."""

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import sign_in
from tests.repowork import add, commit, large, lines, make, send, upload

TAKEN = "Data/Read.txt"
WORDS = "differ only in letter case or Unicode form"


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {TAKEN: "1", "caf\u00e9.txt": "2", "docs/x.md": "3"})
    return "ada/m"


@pytest.fixture
def crowded(box: HubBox, repo: str) -> str:
    """A repository that has such names, from days without the rule."""
    with box.app.db.reading():
        folder = next(iter(box.app.repos.walk())).folder
    present = {"a.txt": "low", "A.txt": "high", "\u00e9.txt": "one", "e\u0301.txt": "two", "d/B/x": "1", "d/b/x": "2"}
    Workshop(box.app.git, folder).commit(present)
    box.app.transport.bring_up(folder)
    return repo


def files(box: HubBox, repo: str) -> dict[str, str]:
    tree = box.get(ADA, f"/api/models/{repo}/tree/main?recursive=true").json()
    return {one["path"]: one["oid"] for one in tree if one["type"] == "file"}


@pytest.mark.parametrize("path", ["Data/read.TXT", "cafe\u0301.txt", "data/other.txt", "DOCS/deep/er/y.md"])
def test_a_commit_with_such_a_name_is_refused_and_loses_nothing(box: HubBox, repo: str, path: str) -> None:
    before = files(box, repo)
    answer = send(box, repo, lines(add("fine.txt", "fine"), add(path, "new")))
    assert answer.status_code == 422
    assert WORDS in answer.json()["error"]
    assert files(box, repo) == before


def test_two_such_names_in_one_commit_are_refused(box: HubBox, repo: str) -> None:
    answer = send(box, repo, lines(add("new/One.txt", "1"), add("new/one.txt", "2")))
    assert '"new/One.txt" and "new/one.txt"' in answer.json()["error"]


def test_a_large_file_of_such_a_name_is_refused(box: HubBox, repo: str) -> None:
    upload(box, repo, b"weights")
    assert send(box, repo, lines(large("DOCS/w.bin", b"weights"))).status_code == 422


def test_a_name_may_change_its_letter_case(box: HubBox, repo: str) -> None:
    gone = ("deletedFolder", {"path": "Data/"})
    assert send(box, repo, lines(gone, add("data/read.txt", "1"))).status_code == 200
    assert set(files(box, repo)) == {".gitattributes", "caf\u00e9.txt", "data/read.txt", "docs/x.md"}


def test_what_has_such_names_is_read_and_written(box: HubBox, crowded: str) -> None:
    for path, content in (("A.txt", "high"), ("a.txt", "low"), ("%C3%A9.txt", "one"), ("e%CC%81.txt", "two")):
        assert box.get(ADA, f"/{crowded}/resolve/main/{path}").text == content
    assert box.get(ADA, f"/{crowded}/tree/main/d").status_code == 200
    for change in (add("more.txt", "1"), add("a.txt", "lower"), add("d/b/y", "1"), ("deletedFile", {"path": "A.txt"})):
        assert send(box, crowded, lines(change)).status_code == 200
    assert box.get(ADA, f"/{crowded}/resolve/main/a.txt").text == "lower"


def test_no_third_name_joins_two(box: HubBox, crowded: str) -> None:
    assert send(box, crowded, lines(add("a.TXT", "third"))).status_code == 422
    assert {"a.txt", "A.txt"} <= set(files(box, crowded))


def test_a_duplicate_keeps_such_names(box: HubBox, crowded: str) -> None:
    answer = box.post(ADA, f"/api/models/{crowded}/duplicate", json={"repository": "ada/copy"})
    assert answer.status_code == 200
    assert files(box, "ada/copy") == files(box, crowded)


@pytest.mark.parametrize(("language", "words"), [("en", WORDS), ("zh", "只有字母大小写或 Unicode 形式不同")])
def test_the_browser_says_so_in_words(box: HubBox, repo: str, language: str, words: str) -> None:
    sign_in(box, ADA)
    before = files(box, repo)
    head = box.get(ADA, f"/api/models/{repo}").json()["sha"]
    asked = {"accept": "text/html", "accept-language": language}
    written = {"path": "Data/READ.txt", "text": "new", "deed": "commit", "where": "here", "commit": head, "blob": ""}
    for answer in (
        box.http.post(f"/{repo}/new/main", data=written, headers=asked),
        box.http.post(f"/{repo}/upload/main/data", files=[("files", ("x.txt", b"new"))], headers=asked),
        box.http.post(f"/{repo}/move/main/docs", data={"path": "DATA", "where": "here"}, headers=asked),
    ):
        assert answer.status_code == 422
        assert words in answer.text
    assert files(box, repo) == before


def test_a_folder_may_change_its_letter_case_in_the_browser(box: HubBox, repo: str) -> None:
    sign_in(box, ADA)
    assert box.http.post(f"/{repo}/move/main/docs", data={"path": "Docs", "where": "here"}).status_code == 303
    assert "Docs/x.md" in files(box, repo)
