"""A file and a folder of one name: refused before anything is lost, done where the same commit makes room."""

from typing import Any

import pytest
from tests.gitwork import ADA_WRITES, Workshop
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import sign_in
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.hub.git.records import MAIN, Put

Op = tuple[str, dict[str, Any]]

FILES = {"notes": "1", "data/a.txt": "2", "data/in/b.txt": "3"}
BELOW_A_FILE = '"notes" is a file, so "notes/x.txt" cannot be in it. Delete or rename that file first.'


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", dict(FILES))
    return "ada/m"


def files(box: HubBox) -> set[str]:
    tree = box.get(ADA, "/api/models/ada/m/tree/main?recursive=true").json()
    return {one["path"] for one in tree if one["type"] == "file"} - {".gitattributes"}


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (add("notes/x.txt", "new"), BELOW_A_FILE),
        (add("notes/deep/er/x.txt", "new"), '"notes" is a file'),
        (large("notes/w.bin", b"weights"), '"notes" is a file'),
        (add("data", "new"), '"data" is a folder'),
        (add("data/in", "new"), '"data/in" is a folder'),
        (large("data", b"weights"), '"data" is a folder'),
    ],
)
def test_what_is_in_the_way_refuses_a_commit_and_stays(box: HubBox, repo: str, operation: Op, said: str) -> None:
    upload(box, repo, b"weights")
    answer = send(box, repo, lines(add("fine.txt", "fine"), operation))
    assert (answer.status_code, said in answer.json()["error"]) == (422, True), answer.text
    assert files(box) == set(FILES)


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([("deletedFile", {"path": "notes"}), add("notes/x.txt", "1")], {"notes/x.txt", "data/a.txt", "data/in/b.txt"}),
        ([("deletedFolder", {"path": "data/"}), add("data", "1")], {"notes", "data"}),
        (
            [("deletedFile", {"path": "data/a.txt"}), ("deletedFolder", {"path": "data/in/"}), add("data", "1")],
            {"notes", "data"},
        ),
        ([("deletedFolder", {"path": "data"}), add("data/in/b.txt/c", "1")], {"notes", "data/in/b.txt/c"}),
        ([("file", {"path": "notes/x", "oldPath": "notes", "content": "1"})], {"notes/x", *FILES} - {"notes"}),
    ],
)
def test_a_commit_that_makes_room_first_goes_through(
    box: HubBox, repo: str, operations: list[Op], left: set[str]
) -> None:
    answer = send(box, repo, lines(*operations))
    assert (answer.status_code, files(box)) == (200, left), answer.text


def test_a_folder_of_which_something_stays_is_in_the_way(box: HubBox, repo: str) -> None:
    answer = send(box, repo, lines(("deletedFile", {"path": "data/a.txt"}), add("data", "1")))
    assert '"data" is a folder' in answer.json()["error"]
    assert files(box) == set(FILES)


def test_one_commit_cannot_bring_a_file_and_a_folder_of_one_name(box: HubBox, repo: str) -> None:
    upload(box, repo, b"weights")
    for both in ([add("new", "1"), add("new/x", "2")], [add("new/x", "2"), large("new", b"weights")]):
        answer = send(box, repo, lines(*both))
        assert answer.json()["error"] == '"new" cannot be a file and a folder in one commit.'
    assert files(box) == set(FILES)


def test_a_link_is_no_folder_either(box: HubBox, repo: str) -> None:
    with box.app.db.reading():
        folder = next(iter(box.app.repos.walk())).folder
    shop = Workshop(box.app.git, folder)
    with shop.git.importer(folder) as importer:
        link = Put("link", importer.blob(b"data"), mode="120000")
        oid = importer.commit(ADA_WRITES, "Link", [link], parent=shop.tip(), moment=1_800_000_000)
    shop.git.move_ref(folder, MAIN, oid, old=shop.tip())
    assert '"link" is a file' in send(box, repo, lines(add("link/y", "1"))).json()["error"]


def test_whoever_asks_first_learns_what_is_in_the_way(box: HubBox, repo: str) -> None:
    asked = [{"path": path, "size": 1, "sample": "YQ=="} for path in ("notes/x.txt", "data", "fine.txt", "notes")]
    found = box.post(ADA, "/api/models/ada/m/preupload/main", json={"files": asked}).json()["files"]
    assert [one.get("blockedBy") for one in found] == ["notes", "data", None, None]


def test_the_plain_form_says_what_is_in_the_way_in_the_readers_language(box: HubBox, repo: str) -> None:
    sign_in(box, ADA)
    headers = {"accept": "text/html", "accept-language": "zh-CN"}
    page = box.http.post("/ada/m/upload/main/notes", files=[("files", ("notes", b"x"))], headers=headers)
    assert page.status_code == 422
    assert "“notes”是文件，其中不能再放“notes/notes”。" in page.text
    assert files(box) == set(FILES)
