"""Files that a plain form brings."""

import hashlib
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import sign_in
from tests.repowork import commit, make

from bearhug.base.errors import BadRequest, TooLarge
from bearhug.hub.uploads.arrival import MOST_FILES, Arrival

ADDRESS = "/ada/m/upload/main/in"


@pytest.fixture
def repo(box: HubBox) -> str:
    name = make(box)
    sign_in(box, ADA)
    return name


def files(*given: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", one) for one in given]


def test_several_files_become_one_commit(box: HubBox, repo: str) -> None:
    weights = bytes(range(256)) * 40
    given = files(("a.txt", b"text"), ("名 字#.txt", "你好".encode()), ("w.bin", weights), ("empty", b""))
    answer = box.http.post(ADDRESS, files=given, data={"summary": "Bring", "description": "All of it"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ada/m/tree/main/in")
    tree = {item["path"]: item for item in box.get(ADA, f"/api/models/{repo}/tree/main/in").json()}
    assert set(tree) == {"in/a.txt", "in/名 字#.txt", "in/w.bin", "in/empty"}
    assert tree["in/w.bin"]["lfs"]["oid"] == hashlib.sha256(weights).hexdigest()
    assert "lfs" not in tree["in/empty"]
    assert box.get(ADA, f"/{repo}/resolve/main/in/w.bin").content == weights
    commits = box.get(ADA, f"/api/models/{repo}/commits/main").json()
    assert (commits[0]["title"], commits[0]["message"]) == ("Bring", "All of it")
    assert list(box.config.tmp.iterdir()) == []


def test_a_commit_without_a_name_is_named_after_its_files(box: HubBox, repo: str) -> None:
    box.http.post("/ada/m/upload/main", files=files(("dir/a.txt", b"1"), ("b.txt", b"2")))
    assert box.get(ADA, f"/api/models/{repo}/commits/main").json()[0]["title"] == "Upload 2 files"
    assert box.get(ADA, f"/{repo}/resolve/main/dir/a.txt").content == b"1"


def test_the_rules_of_the_repository_hold(box: HubBox, repo: str) -> None:
    commit(box, repo, {".gitignore": "*.tmp\n", ".gitattributes": "*.big filter=lfs diff=lfs merge=lfs -text\n"})
    assert box.http.post(ADDRESS, files=files(("a.tmp", b"x"), ("a.big", b"text"))).status_code == 303
    tree = {item["path"]: item for item in box.get(ADA, f"/api/models/{repo}/tree/main/in").json()}
    assert set(tree) == {"in/a.big"}
    assert tree["in/a.big"]["lfs"]["size"] == 4


@pytest.mark.parametrize("name", ["../up.txt", ".git/config", "a\\b", "/root", "a\nb", " x", "a//b"])
def test_names_that_no_repository_holds_are_refused_in_words(box: HubBox, repo: str, name: str) -> None:
    answer = box.http.post(ADDRESS, files=files((name, b"x")), headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert list(box.config.tmp.iterdir()) == []


def test_a_form_without_files_is_sent_back(box: HubBox, repo: str) -> None:
    answer = box.http.post(ADDRESS, files=files(("", b"")), data={"summary": "nothing"})
    assert answer.status_code == 400
    assert "Choose at least one file." in answer.text


def test_strangers_and_other_sites_are_refused_before_anything_is_read(box: HubBox, repo: str) -> None:
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert box.http.post(ADDRESS, files=files(("a", b"x")), headers=elsewhere).status_code == 403
    sign_in(box, EVE)
    assert box.http.post(ADDRESS, files=files(("a", b"x"))).status_code == 403
    box.http.cookies.clear()
    assert box.http.post(ADDRESS, files=files(("a", b"x"))).headers["location"].startswith("/login")


def test_a_body_that_is_no_such_form_is_refused(box: HubBox, repo: str) -> None:
    for kind in ("text/plain", "multipart/form-data", "multipart/form-data; boundary=x"):
        answer = box.http.post(ADDRESS, content=b"--y\r\nnothing", headers={"content-type": kind})
        assert answer.status_code == 400, kind
    assert list(box.config.tmp.iterdir()) == []


def arrival(folder: Path) -> Arrival:
    return Arrival("multipart/form-data; boundary=x", folder)


def part(name: str, content: bytes, file_name: str | None = None) -> bytes:
    told = f'; filename="{file_name}"' if file_name is not None else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'.encode() + content + b"\r\n"


def test_a_form_may_come_in_any_pieces(tmp_path: Path) -> None:
    body = part("files", b"one\r\n--xy", "a%22b.txt") + part("summary", "名".encode()) + b"--x--\r\n"
    for step in (1, 2, 7, 1000):
        folder = tmp_path / str(step)
        folder.mkdir()
        coming = arrival(folder)
        for at in range(0, len(body), step):
            coming.write(body[at : at + step])
        coming.finish()
        (file,) = coming.files
        assert (file.path, file.place.read_bytes(), file.size) == ('a"b.txt', b"one\r\n--xy", 9)
        assert coming.words.summary == "名"


def test_a_form_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    coming = arrival(tmp_path)
    coming.write(part("files", b"one", "a.txt"))
    with pytest.raises(BadRequest, match="cut off"):
        coming.finish()
    coming.close()


@pytest.mark.parametrize(
    "body",
    [
        part("files", b"", "a") * (MOST_FILES + 1),
        part("other", b"") * (MOST_FILES + 20),
        part("summary", b"x" * 20_000),
    ],
    ids=["files", "parts", "field"],
)
def test_everything_in_a_form_has_a_limit(tmp_path: Path, body: bytes) -> None:
    coming = arrival(tmp_path)
    with pytest.raises(TooLarge):
        coming.write(body)
    coming.close()


def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        arrival(tmp_path).write(b"--x\r\nContent-Disposition: " + b"a" * 100_000)
