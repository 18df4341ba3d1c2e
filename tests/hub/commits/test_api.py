"""Preupload and commits by HTTP: what is taken, what is refused, and that nothing is lost."""

import base64
import json
import threading

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.repowork import add, commit, large, lines, make, send, upload

MIB = 1 << 20


def tree(box: HubBox, repo: str, rev: str = "main") -> dict[str, dict[str, object]]:
    found = box.get(ADA, f"/api/models/{repo}/tree/{rev}?recursive=true").json()
    return {entry["path"]: entry for entry in found if entry["type"] == "file"}


def text(box: HubBox, repo: str, path: str, rev: str = "main") -> str:
    return box.get(ADA, f"/{repo}/resolve/{rev}/{path}").text


def head(box: HubBox, repo: str) -> str:
    return str(box.get(ADA, f"/api/models/{repo}").json()["sha"])


def test_files_come_and_go_in_one_commit(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"a.txt": "one", "d/b.txt": "two", "d/c/e.txt": "three", "f.txt": "four"})
    gone = [("deletedFile", {"path": "a.txt"}), ("deletedFolder", {"path": "d/"})]
    answer = send(box, repo, lines(*gone, add("d/new.txt", "here")))
    assert answer.json()["commitUrl"] == f"http://hub.test/{repo}/commit/{answer.json()['commitOid']}"
    assert set(tree(box, repo)) == {".gitattributes", "d/new.txt", "f.txt"}


def test_summary_description_and_author_stand_in_the_log(box: HubBox) -> None:
    repo = make(box)
    send(box, repo, lines(add("a", "1"), summary="Title 标题", description="More\nto say"))
    first = box.get(ADA, f"/api/models/{repo}/commits/main").json()[0]
    assert (first["title"], first["message"], first["authors"][0]["user"]) == ("Title 标题", "More\nto say", "ada")


def test_nothing_changed_makes_no_commit(box: HubBox) -> None:
    repo = make(box)
    first = commit(box, repo, {"a": "1"})
    assert commit(box, repo, {"a": "1"}) == first
    assert send(box, repo, lines()).json()["commitOid"] == first


def test_a_stale_parent_is_refused_with_the_text_that_clients_know(box: HubBox) -> None:
    repo = make(box)
    old = head(box, repo)
    new = commit(box, repo, {"a": "1"}, parentCommit=old)
    answer = send(box, repo, lines(add("a", "2"), parentCommit=old))
    assert answer.status_code == 412
    assert answer.json()["error"].startswith(
        "The branch was updated since you opened this page. Please refresh and try again."
    )
    assert answer.json()["head"] == new
    assert send(box, repo, lines(add("a", "2"), parentCommit=new[:7])).status_code == 200


@pytest.mark.parametrize("key", ["summary", "description"])
def test_half_a_character_in_a_message_is_refused_in_words(box: HubBox, key: str) -> None:
    repo = make(box)
    header = {"key": "header", "value": {"summary": "s", key: "\ud800"}}
    answer = send(box, repo, json.dumps(header).encode() + b"\n")
    assert answer.status_code == 400
    assert "halves of characters" in answer.json()["error"]


def test_two_hundred_commits_at_once_are_all_kept(box: HubBox) -> None:
    repo = make(box)
    token = box.token(ADA)
    failures = []

    def work(number: int) -> None:
        for step in range(20):
            body = lines(add(f"{number}/{step}.txt", f"{number} {step}"))
            answer = box.http.post(
                f"/api/models/{repo}/commit/main", content=body, headers={"authorization": f"Bearer {token}"}
            )
            if answer.status_code != 200:
                failures.append(answer.text)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(tree(box, repo)) == 201
    assert len(list(box.app.git.read(next(iter(box.app.repos.walk())).folder).log(head(box, repo)))) == 201


def test_many_thousand_operations_are_one_commit(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {f"f{number % 100}/{number}.txt": str(number) for number in range(5000)})
    assert text(box, repo, "f99/4999.txt") == "4999"
    assert box.get(ADA, f"/api/models/{repo}/commits/main").headers["x-total-count"] == "2"


BAD_PATHS = [
    "../x", "a/../x", "/x", "a//b", "./x", "a/.", "a\0b", "a\\b", ".git/config", "a/.GIT/x", "x/.git", "",
    "a\nb", "..", "git~1/x", "\u202ex", "a" * 300, "/".join(["d"] * 200),
]  # fmt: skip


@pytest.mark.parametrize("operation", ["file", "lfsFile", "deletedFile", "oldPath"])
def test_no_path_leads_out_of_the_repository(box: HubBox, operation: str) -> None:
    repo = make(box)
    before = head(box, repo)
    for path in BAD_PATHS:
        changes: dict[str, tuple[str, dict[str, object]]] = {
            "file": ("file", {"path": path, "content": "x"}),
            "lfsFile": large(path, b"x"),
            "deletedFile": ("deletedFile", {"path": path}),
            "oldPath": ("file", {"path": "ok", "oldPath": path or "..", "content": "x"}),
        }
        answer = send(box, repo, lines(changes[operation]))
        assert answer.status_code in (400, 422), f"{path!r}: {answer.text}"
    assert head(box, repo) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json\n", 400),
        (b'{"key":"header"}\n', 400),
        (b'{"key":"header","value":{"summary":""}}\n', 400),
        (b'{"key":"header","value":{"summary":"s"}}\n{"key":"explode","value":{}}\n', 400),
        (lines(("file", {"path": "a", "content": "*", "encoding": "base64"})), 400),
        (b'{"key":"header","value":{"summary":"s","parentCommit":"xyz"}}\n', 400),
        (b'{"key":"header","value":{"summary":"s"}}\n{"key":"file","value":{"content":"x"}}\n', 400),
        (b'{"key":"header","value":{"summary":"s"}}\n{"key":"lfsFile","value":{"path":"a","oid":"zz"}}\n', 400),
        (b'{"key":"header","value":{"summary":"s"}}\n{"key":"deletedFile","value":{"path":"nowhere"}}\n', 404),
        (b"[" * 100_000, 400),
        (b"\xff\xfe\n", 400),
    ],
)  # fmt: skip
def test_a_broken_commit_changes_nothing(box: HubBox, body: bytes, status: int) -> None:
    repo = make(box)
    before = head(box, repo)
    answer = send(box, repo, body)
    assert answer.status_code == status, answer.text
    assert head(box, repo) == before


def test_deleting_what_is_not_there_says_so_as_clients_expect(box: HubBox) -> None:
    answer = send(box, make(box), lines(("deletedFile", {"path": "nowhere.txt"})))
    assert answer.headers["x-error-code"] == "EntryNotFound"
    assert "A file with this name doesn't exist" in answer.json()["error"]


def test_a_regular_file_over_the_limit_is_refused(box: HubBox) -> None:
    answer = send(box, make(box), lines(add("big.txt", b"x" * (10 * MIB + 1))))
    assert answer.status_code == 413
    assert "large file" in answer.json()["error"]


def test_a_line_without_end_is_cut_off(box: HubBox) -> None:
    assert send(box, make(box), b'{"key":"header","value":{"summary":"' + b"x" * (20 * MIB)).status_code == 413


def test_a_commit_to_a_revision_that_is_no_branch_is_refused(box: HubBox) -> None:
    repo = make(box)
    oid = commit(box, repo, {"a": "1"})
    box.post(ADA, f"/api/models/{repo}/tag/main", json={"tag": "v1"})
    for rev in ("nowhere", oid, "v1"):
        answer = send(box, repo, lines(add("b", "2")), rev=rev)
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")


def test_who_may_commit(box: HubBox) -> None:
    repo = make(box, organization="lab")
    statuses = [send(box, repo, lines(add("a", "1")), person=person).status_code for person in (ADA, BOB, EVE)]
    assert statuses == [200, 200, 403]


# cards -----------------------------------------------------------------------------------------------------


def test_a_card_with_bad_yaml_is_refused_with_the_place(box: HubBox) -> None:
    answer = send(box, make(box), lines(add("README.md", "---\nlicense: [mit\n---\n")))
    assert answer.status_code == 400
    assert "line" in answer.json()["error"]


def test_a_hundred_megabytes_of_yaml_are_refused(box: HubBox) -> None:
    card = b"---\na:\n" + b"- x\n" * (2 * MIB) + b"---\n"
    assert send(box, make(box), lines(add("README.md", card))).status_code == 400


# large files -----------------------------------------------------------------------------------------------


def test_a_large_file_becomes_a_pointer_that_a_clone_understands(box: HubBox) -> None:
    repo = make(box)
    content = b"\0weights" * 1000
    upload(box, repo, content)
    assert send(box, repo, lines(large("model.safetensors", content))).status_code == 200
    entry = tree(box, repo)["model.safetensors"]
    assert entry["size"] == len(content)
    raw = box.get(ADA, f"/{repo}/raw/main/model.safetensors").text
    assert raw.startswith("version https://git-lfs.github.com/spec/v1\noid sha256:")
    assert box.get(ADA, f"/{repo}/resolve/main/model.safetensors").content == content


def test_a_large_file_that_no_pattern_covers_gets_a_line_in_gitattributes(box: HubBox) -> None:
    repo = make(box)
    upload(box, repo, b"strange")
    send(box, repo, lines(large("odd [name].xyz", b"strange")))
    assert '"odd \\\\[name\\\\].xyz" filter=lfs' in text(box, repo, ".gitattributes")
    answer = box.post(
        ADA, f"/api/models/{repo}/preupload/main", json={"files": [{"path": "odd [name].xyz", "size": 5}]}
    )
    assert answer.json()["files"][0]["uploadMode"] == "lfs"


def test_a_large_file_that_was_never_sent_is_refused(box: HubBox) -> None:
    answer = send(box, make(box), lines(large("w.bin", b"never sent")))
    assert answer.status_code == 400
    assert "was not uploaded to this repository" in answer.json()["error"]


def test_knowing_a_hash_gives_nothing(box: HubBox) -> None:
    """Eve knows the sha256 of a private file of ada's, but not its bytes."""
    secret = b"ada's secret weights"
    upload(box, make(box, "private", private=True), secret)
    make(box, "loot", person=EVE)
    assert send(box, "eve/loot", lines(large("w.bin", secret)), person=EVE).status_code == 400


def test_the_size_of_a_large_file_must_be_right(box: HubBox) -> None:
    repo = make(box)
    oid = upload(box, repo, b"12345")
    change = ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": oid, "size": 6})
    assert send(box, repo, lines(change)).status_code == 400


# preupload -------------------------------------------------------------------------------------------------


def ask(box: HubBox, repo: str, *files: dict[str, object], **rules: str) -> list[dict[str, object]]:
    answer = box.post(ADA, f"/api/models/{repo}/preupload/main", json={"files": list(files), **rules})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["files"]
    return found


def test_how_files_should_be_sent(box: HubBox) -> None:
    binary = base64.b64encode(b"\x89PNG\0\0").decode()
    words = base64.b64encode("中文".encode()[:-1]).decode()
    answers = ask(
        box,
        make(box),
        {"path": "a.txt", "size": 3, "sample": words},
        {"path": "model.safetensors", "size": 3},
        {"path": "empty.bin", "size": 0},
        {"path": "huge.txt", "size": 11 * MIB},
        {"path": "picture", "size": 6, "sample": binary},
    )
    assert [answer["uploadMode"] for answer in answers] == ["regular", "lfs", "regular", "lfs", "lfs"]


def test_what_is_there_already_is_named(box: HubBox) -> None:
    repo = make(box)
    sha256 = upload(box, repo, b"weights")
    send(box, repo, lines(add("a.txt", "hello"), large("w.bin", b"weights")))
    found = {
        str(answer["path"]): answer.get("oid")
        for answer in ask(box, repo, *[{"path": p, "size": 1} for p in ("a.txt", "w.bin", "c")])
    }
    assert found == {"a.txt": "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0", "w.bin": sha256, "c": None}


def test_ignored_files_are_marked_by_the_clients_rules_or_the_repositorys(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {".gitignore": "*.log\n!keep.log\n"})
    files = [{"path": path, "size": 1} for path in ("a.log", "keep.log", "b.tmp")]
    assert [answer["shouldIgnore"] for answer in ask(box, repo, *files)] == [True, False, False]
    assert [answer["shouldIgnore"] for answer in ask(box, repo, *files, gitIgnore="*.tmp")] == [False, False, True]


@pytest.mark.parametrize(
    "body", [{}, {"files": 3}, {"files": [3]}, {"files": [{"path": 3}]}, {"files": [{"path": "../x", "size": 1}]}]
)
def test_a_preupload_question_that_is_none_is_refused(box: HubBox, body: dict[str, object]) -> None:
    answer = box.post(ADA, f"/api/models/{make(box)}/preupload/main", content=json.dumps(body))
    assert answer.status_code in (400, 422)


def test_a_full_disk_is_told_when_large_files_are_announced(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make(box)
    monkeypatch.setattr(box.app.lfs.objects.blobs, "_reserve", 1 << 60)
    assert ask(box, repo, {"path": "a.txt", "size": 3})[0]["uploadMode"] == "regular"
    answer = box.post(ADA, f"/api/models/{repo}/preupload/main", json={"files": [{"path": "w.bin", "size": 3}]})
    assert (answer.status_code, "no room left" in answer.json()["error"]) == (507, True)
