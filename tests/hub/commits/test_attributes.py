"""`.gitattributes` of folders decide what goes to LFS, in commits by API and in pushes."""

from tests.hubbox import HubBox
from tests.people import ADA
from tests.repowork import commit, large, lines, make, send, upload

RULES = {"data/.gitattributes": "*.txt filter=lfs diff=lfs merge=lfs -text\n*.bin -filter\n"}


def modes(box: HubBox, repo: str, *paths: str) -> dict[str, str]:
    files = [{"path": path, "size": 5, "sample": "aGVsbG8="} for path in paths]
    answer = box.post(ADA, f"/api/models/{repo}/preupload/main", json={"files": files})
    return {file["path"]: file["uploadMode"] for file in answer.json()["files"]}


def test_a_folder_decides_for_what_is_below_it(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, RULES)
    found = modes(box, repo, "a.txt", "data/a.txt", "data/deep/a.txt", "a.bin", "data/a.bin")
    assert [path for path, mode in found.items() if mode == "lfs"] == ["data/a.txt", "data/deep/a.txt", "a.bin"]


def test_what_a_folder_covers_needs_no_line_at_the_root(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, RULES)
    upload(box, repo, b"hello")
    assert send(box, repo, lines(large("data/a.txt", b"hello"))).status_code == 200
    assert "data/a.txt" not in box.get(ADA, f"/{repo}/raw/main/.gitattributes").text
