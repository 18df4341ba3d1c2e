"""Histories as clients ask for them."""

from urllib.parse import quote

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY, Person

from bearhug.formats import lfs_pointer
from bearhug.hub.git.records import Author
from bearhug.hub.repos.service import NewRepo

MODEL = "/api/models/ada/model"
SHA = "ab" * 32


def test_a_commit_is_told_as_clients_read_it(box: HubBox, shop: Workshop) -> None:
    parent = shop.tip()
    tip = shop.commit({"a.txt": "1"}, "Add <a> & b\n\nWith *words*\nand <more>")
    first = box.get(NOBODY, f"{MODEL}/commits/main").json()[0]
    assert first == {
        "id": tip,
        "title": "Add <a> & b",
        "message": "With *words*\nand <more>",
        "authors": [{"user": "ada", "avatar": "http://hub.test/api/users/ada/avatar"}],
        "date": "2023-11-14T22:13:21.000Z",
        "parents": [parent],
    }


def test_formatted_texts_are_safe_html(box: HubBox, shop: Workshop) -> None:
    shop.commit({"a.txt": "1"}, "Add <script>\n\nOne\n<img src=x>")
    first = box.get(NOBODY, f"{MODEL}/commits/main?expand[]=formatted").json()[0]
    assert first["formatted"] == {"title": "Add &lt;script&gt;", "message": "One<br>&lt;img src=x&gt;"}


def test_pages_are_linked_by_absolute_addresses_to_the_end(box: HubBox, shop: Workshop) -> None:
    shop.grow({"a": str(number)} for number in range(5))
    address: str | None = f"{MODEL}/commits/main?limit=4&expand[]=formatted"
    titles = []
    while address:
        answer = box.get(NOBODY, address)
        titles += [commit["formatted"]["title"] for commit in answer.json()]
        assert answer.headers["x-total-count"] == "6"
        link = answer.headers.get("link")
        address = link.partition(">")[0].removeprefix("<") if link else None
        assert address is None or address.startswith("http://hub.test/api/")
    assert titles == ["4", "3", "2", "1", "0", "initial commit"]


@pytest.mark.parametrize("written", ["feat%2Fx", "feat/x", "refs%2Fheads%2Ffeat%2Fx", "refs/heads/feat/x"])
def test_a_revision_with_a_slash_is_found_however_it_is_written(box: HubBox, shop: Workshop, written: str) -> None:
    tip = shop.tip()
    shop.git.move_ref(shop.folder, "refs/heads/feat/x", tip or "", old=None)
    assert [commit["id"] for commit in box.get(NOBODY, f"{MODEL}/commits/{written}").json()] == [tip]


def test_a_files_past_is_asked_for_by_its_path(box: HubBox, shop: Workshop) -> None:
    shop.commit({"d/a b.txt": "1"}, "Add it")
    shop.commit({"other": "1"}, "Something else")
    answer = box.get(NOBODY, f"{MODEL}/commits/main?path={quote('d/a b.txt')}")
    assert [commit["title"] for commit in answer.json()] == ["Add it"]
    assert answer.headers["x-total-count"] == "1"
    answer = box.get(NOBODY, f"{MODEL}/commits/main?path=gone")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")


@pytest.mark.parametrize("query", ["p=-1", "p=x", "limit=-5", "limit=1e3"])
def test_odd_numbers_are_bad_requests(box: HubBox, shop: Workshop, query: str) -> None:
    assert box.get(NOBODY, f"{MODEL}/commits/main?{query}").status_code == 400


def test_far_pages_are_empty(box: HubBox, shop: Workshop) -> None:
    answer = box.get(NOBODY, f"{MODEL}/commits/main?p=99999999999&limit=99999")
    assert (answer.status_code, answer.json()) == (200, [])


def test_commits_of_people_without_account_are_told_by_their_name(box: HubBox, shop: Workshop) -> None:
    shop.commit({"a": "1"}, author=Author("Somebody Else", "else@example.org"))
    assert box.get(NOBODY, f"{MODEL}/commits/main").json()[0]["authors"] == [{"user": "Somebody Else"}]


def test_a_comparison_tells_files_and_sizes(box: HubBox, shop: Workshop) -> None:
    base = shop.commit({"a.txt": "1\n2\n", "m.bin": lfs_pointer.write(SHA, 5), "old": "same\n"})
    head = shop.commit({"a.txt": "1\n3\n4\n", "m.bin": lfs_pointer.write(SHA, 7), "old": None, "new": "same\n"})
    answer = box.get(NOBODY, f"{MODEL}/compare/{base}..{head}").json()
    assert (answer["base"], answer["head"], answer["truncated"]) == (base, head, False)
    files = {file.pop("path"): file for file in answer["files"]}
    text = {"status": "M", "binary": False, "oldSize": 4, "size": 6, "lfs": False, "additions": 2, "deletions": 1}
    assert files["a.txt"] == text
    assert files["m.bin"] == {"status": "M", "binary": True, "oldSize": 5, "size": 7, "lfs": True}
    assert (files["new"]["status"], files["new"]["oldPath"]) == ("R", "old")


def test_raw_lines_are_written_as_the_hub_writes_them(box: HubBox, shop: Workshop) -> None:
    shop.commit({"old name": "same\n", "gone": "x", "a.txt": "1\n"})
    files = {"old name": None, "new name": "same\n", "gone": None, "a.txt": "12\n", "m.bin": lfs_pointer.write(SHA, 99)}
    shop.commit(files)
    oid = {line.split()[3]: line.split()[2] for line in shop.run("ls-tree", "main", "a.txt", "m.bin").splitlines()}
    same = shop.run("rev-parse", "main:new name").strip()
    old = shop.run("rev-parse", "main^:a.txt").strip()
    gone = shop.run("rev-parse", "main^:gone").strip()
    zero = "0" * 40
    assert box.get(NOBODY, f"{MODEL}/compare/main?raw=true").text.splitlines() == [
        f"T 3\t:100644 100644 {old}... {oid['a.txt']}... M\ta.txt",
        f"T 0\t:100644 000000 {gone}... {zero}... D\tgone",
        f"B 99\t:000000 100644 {zero}... {oid['m.bin']}... A\tm.bin",
        f"T 5\t:100644 100644 {same}... {same}... R\told name\tnew name",
    ]


def test_a_name_that_would_break_a_raw_line_is_quoted(box: HubBox, shop: Workshop) -> None:
    shop.commit({"a\tb": "1"})
    assert box.get(NOBODY, f"{MODEL}/compare/main?raw=true").text.endswith('A\t"a\\tb"\n')


def test_a_patch_is_plain_text(box: HubBox, shop: Workshop) -> None:
    shop.commit({"a.html": "<script>\n"})
    answer = box.get(NOBODY, f"{MODEL}/compare/main^..main?patch=true")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == shop.run("diff", "--full-index", "main^", "main")


@pytest.mark.parametrize("spec", ["gone..main", "main..gone", "main...gone", "...", "..main", "gone"])
def test_comparisons_with_what_is_missing_are_revisions_not_found(box: HubBox, shop: Workshop, spec: str) -> None:
    answer = box.get(NOBODY, f"{MODEL}/compare/{spec}")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")


def test_a_comparison_of_nothing_is_a_bad_request(box: HubBox, shop: Workshop) -> None:
    assert box.get(NOBODY, f"{MODEL}/compare/").status_code == 400
    assert box.get(NOBODY, f"{MODEL}/compare/{'x' * 5000}").status_code == 400


def test_pull_requests_are_compared_by_their_references(box: HubBox, shop: Workshop) -> None:
    shop.git.move_ref(shop.folder, "refs/pr/1", shop.tip() or "", old=None)
    shop.commit({"b.txt": "1\n"}, ref="refs/pr/1")
    answer = box.get(NOBODY, f"{MODEL}/compare/main...refs%2Fpr%2F1").json()
    assert [file["path"] for file in answer["files"]] == ["b.txt"]


def test_folders_have_sizes(box: HubBox, shop: Workshop) -> None:
    shop.commit({"a/b c/x": "123"})
    assert box.get(NOBODY, f"{MODEL}/treesize/main/a/b%20c").json() == {"path": "/a/b c", "size": 3}
    assert box.get(NOBODY, f"{MODEL}/treesize/main/a%2Fb%20c").json()["size"] == 3
    assert box.get(NOBODY, f"{MODEL}/treesize/main").json()["path"] == "/"
    answer = box.get(NOBODY, f"{MODEL}/treesize/main/gone")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")


@pytest.mark.parametrize("path", ["commits/main", "compare/main..main", "treesize/main/"])
@pytest.mark.parametrize(("person", "status"), [(EVE, 404), (NOBODY, 401)])
def test_a_private_repository_has_no_past_for_strangers(box: HubBox, person: Person, status: int, path: str) -> None:
    box.app.repos.create(box.actor(ADA), NewRepo("model", "secret", private=True))
    answer = box.get(person, f"/api/models/ada/secret/{path}")
    assert (answer.status_code, answer.headers["x-error-code"]) == (status, "RepoNotFound")
    assert box.get(ADA, f"/api/models/ada/secret/{path}").status_code == 200


@pytest.mark.parametrize("path", ["commits/main", "compare/main..main", "treesize/main/"])
def test_a_gated_repository_shows_its_past_to_those_who_may_read_it(box: HubBox, shop: Workshop, path: str) -> None:
    box.put(ADA, f"{MODEL}/settings", json={"gated": "manual"})
    answer = box.get(EVE, f"{MODEL}/{path}")
    assert (answer.status_code, answer.headers["x-error-code"]) == (403, "GatedRepo")
    assert box.get(ADA, f"{MODEL}/{path}").status_code == 200


def test_a_commit_that_no_other_program_could_read_is_told(box: HubBox, shop: Workshop) -> None:
    tip = shop.tip() or ""
    tree = shop.run("rev-parse", "main^{tree}").strip()
    odd = (
        f"tree {tree}\nparent {tip}\nauthor J <j@x> 99999999999999 +0000\n"
        f"committer J <j@x> 99999999999999 +0000\nencoding no-such\n\n"
    ).encode() + b"h\xf6llo\n"
    commit = shop.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=odd).strip()
    shop.git.move_ref(shop.folder, "refs/heads/main", commit, old=tip)
    first = box.get(NOBODY, f"{MODEL}/commits/main").json()[0]
    assert (first["title"], first["date"]) == ("h\ufffdllo", "9999-12-31T23:59:59.000Z")
