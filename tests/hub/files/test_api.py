"""Resolve, raw, tree and paths-info."""

import hashlib

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY
from tests.repowork import add, commit, large, lines, make, send, upload


@pytest.fixture
def repo(box: HubBox) -> str:
    """A public model with a text, an odd name, a folder, a large file and a page of HTML."""
    name = make(box)
    upload(box, name, b"W" * 5000)
    files = {"a.txt": "hello", "d/e f#ü.txt": "odd", "d/x/y.json": "{}", "evil.html": "<script>1</script>"}
    body = lines(*(add(path, content) for path, content in files.items()), large("w.bin", b"W" * 5000))
    assert send(box, name, body).status_code == 200
    box.settle()
    return name


def head(box: HubBox, repo: str) -> str:
    return str(box.get(ADA, f"/api/models/{repo}").json()["sha"])


def test_a_regular_file_carries_what_clients_read(box: HubBox, repo: str) -> None:
    answer = box.head(NOBODY, f"/{repo}/resolve/main/a.txt")
    blob = hashlib.sha1(b"blob 5\0hello").hexdigest()
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{blob}"'
    assert answer.headers["x-repo-commit"] == head(box, repo)
    assert answer.headers["content-length"] == "5"
    assert answer.headers["content-disposition"].endswith('filename="a.txt";')
    assert box.get(NOBODY, f"/{repo}/resolve/main/a.txt").text == "hello"


def test_a_large_file_carries_its_sha256_and_size(box: HubBox, repo: str) -> None:
    answer = box.head(NOBODY, f"/{repo}/resolve/main/w.bin")
    oid = hashlib.sha256(b"W" * 5000).hexdigest()
    assert answer.headers["etag"] == answer.headers["x-linked-etag"] == f'"{oid}"'
    assert answer.headers["x-linked-size"] == answer.headers["content-length"] == "5000"
    part = box.get(NOBODY, f"/{repo}/resolve/main/w.bin", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"W" * 10, "bytes 10-19/5000")


@pytest.mark.parametrize("rev", ["main", "refs%2Fheads%2Fmain", "refs/heads/main", "HEAD"])
def test_revisions_are_named_in_many_ways(box: HubBox, repo: str, rev: str) -> None:
    assert box.get(NOBODY, f"/{repo}/resolve/{rev}/a.txt").text == "hello"
    assert box.get(NOBODY, f"/{repo}/resolve/{head(box, repo)[:8]}/a.txt").text == "hello"


def test_a_branch_with_a_slash_is_one_segment(box: HubBox, repo: str) -> None:
    box.post(ADA, f"/api/models/{repo}/branch/feat%2Fx", json={})
    send(box, repo, lines(add("a.txt", "branched")), rev="feat%2Fx")
    assert box.get(NOBODY, f"/{repo}/resolve/feat%2Fx/a.txt").text == "branched"
    assert box.get(NOBODY, f"/{repo}/resolve/main/a.txt").text == "hello"


def test_odd_names_are_found_by_their_encoding(box: HubBox, repo: str) -> None:
    assert box.get(NOBODY, f"/{repo}/resolve/main/d/e%20f%23%C3%BC.txt").text == "odd"
    answer = box.get(NOBODY, f"/api/models/{repo}/tree/main/d%2Fx")
    assert [entry["path"] for entry in answer.json()] == ["d/x/y.json"]


def test_what_is_not_there_says_so_with_the_commit(box: HubBox, repo: str) -> None:
    answer = box.head(NOBODY, f"/{repo}/resolve/main/nowhere.txt")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")
    assert answer.headers["x-repo-commit"] == head(box, repo)
    missing = box.get(NOBODY, f"/{repo}/resolve/nobranch/a.txt")
    assert (missing.status_code, missing.headers["x-error-code"]) == (404, "RevisionNotFound")


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a%00b", "%2e%2e/x", ".git/config", "d"]
)
def test_no_path_leads_anywhere_else(box: HubBox, repo: str, path: str) -> None:
    answer = box.get(NOBODY, f"/{repo}/resolve/main/{path}")
    assert answer.status_code in (400, 404)


def test_pages_that_people_upload_never_run_here(box: HubBox, repo: str) -> None:
    send(box, repo, lines(add("p.svg", "<svg onload='alert(1)'/>")))
    page = box.get(NOBODY, f"/{repo}/resolve/main/evil.html", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/plain")
    for path in ("evil.html", "p.svg"):
        answer = box.get(NOBODY, f"/{repo}/resolve/main/{path}")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert box.get(NOBODY, f"/{repo}/raw/main/evil.html").headers["content-type"].startswith("text/plain")


def test_raw_is_the_blob_itself(box: HubBox, repo: str) -> None:
    assert "oid sha256:" in box.get(NOBODY, f"/{repo}/raw/main/w.bin").text


def test_a_conditional_request_saves_the_transfer(box: HubBox, repo: str) -> None:
    etag = box.head(NOBODY, f"/{repo}/resolve/main/a.txt").headers["etag"]
    answer = box.get(NOBODY, f"/{repo}/resolve/main/a.txt", headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_private_file_is_for_its_owner(box: HubBox) -> None:
    repo = make(box, "secret", private=True)
    commit(box, repo, {"a.txt": "mine"})
    assert box.get(ADA, f"/{repo}/resolve/main/a.txt").text == "mine"
    assert box.get(ADA, f"/{repo}/resolve/main/a.txt").headers["cache-control"].startswith("private")
    assert box.get(EVE, f"/{repo}/resolve/main/a.txt").headers["x-error-code"] == "RepoNotFound"


# trees -----------------------------------------------------------------------------------------------------


def test_a_tree_lists_folders_and_real_sizes(box: HubBox, repo: str) -> None:
    entries = {entry["path"]: entry for entry in box.get(NOBODY, f"/api/models/{repo}/tree/main").json()}
    assert entries["d"]["type"] == "directory"
    assert entries["w.bin"]["size"] == 5000
    assert entries["w.bin"]["lfs"]["pointerSize"] == 129
    assert "lastCommit" not in entries["d"]


def test_a_recursive_tree_names_parents_before_children(box: HubBox, repo: str) -> None:
    found = [entry["path"] for entry in box.get(NOBODY, f"/api/models/{repo}/tree/main?recursive=true").json()]
    assert found == [".gitattributes", "a.txt", "d", "d/e f#ü.txt", "d/x", "d/x/y.json", "evil.html", "w.bin"]


def test_an_expanded_tree_tells_each_last_commit(box: HubBox, repo: str) -> None:
    oid = commit(box, repo, {"d/x/y.json": "[]"}, summary="newer")
    entries = {entry["path"]: entry for entry in box.get(NOBODY, f"/api/models/{repo}/tree/main?expand=true").json()}
    assert entries["d"]["lastCommit"]["id"] == oid
    assert entries["a.txt"]["lastCommit"]["title"] == "change"


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_a_tree_join_without_gap_or_overlap(box: HubBox, repo: str, limit: int) -> None:
    whole = [entry["path"] for entry in box.get(NOBODY, f"/api/models/{repo}/tree/main?recursive=true").json()]
    found: list[str] = []
    url: str | None = f"/api/models/{repo}/tree/main?recursive=true&limit={limit}"
    while url:
        answer = box.get(NOBODY, url)
        found += [entry["path"] for entry in answer.json()]
        link = answer.headers.get("link")
        url = link.split(">")[0].strip("<") if link else None
    assert found == whole


def test_a_file_has_no_tree(box: HubBox, repo: str) -> None:
    assert box.get(NOBODY, f"/api/models/{repo}/tree/main/a.txt").headers["x-error-code"] == "EntryNotFound"


def test_paths_info_leaves_out_what_is_not_there(box: HubBox, repo: str) -> None:
    form = {"paths": ["w.bin", "d", "nowhere", "../x"], "expand": "false"}
    found = box.post(NOBODY, f"/api/models/{repo}/paths-info/main", data=form).json()
    assert [(entry["path"], entry["type"]) for entry in found] == [("w.bin", "file"), ("d", "directory")]


def test_a_page_of_files_costs_few_statements(box: HubBox, repo: str) -> None:
    with box.counting() as statements:
        box.get(ADA, f"/api/models/{repo}/tree/main?recursive=true")
    assert len(statements) <= 5
