"""Files are written, moved and deleted in the browser, after a look at what will change."""

import re
from html import unescape

import httpx
import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import add, commit, large, lines, make, send, upload

HOSTILE = "</textarea><script>alert(1)</script>\n\"quotes\" & 'marks'\n"


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"a.txt": "one\ntwo\nthree\n", "docs/x.md": "# Hello\n", "b.bin": b"\0\1"})
    sign_in(box, ADA)
    return "ada/m"


def fields(answer: httpx.Response) -> dict[str, str]:
    """What the form of a page would send, as it stands."""
    form = re.search(r'<form[^>]*action="/[^"]*/(?:edit|new|delete)/.*?</form>', answer.text, re.DOTALL)
    assert form is not None
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[0]))
    found |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form[0], re.DOTALL))
    found.pop("where", None)
    return {name: unescape(value) for name, value in found.items()}


def content(box: HubBox, path: str, rev: str = "main") -> bytes:
    return box.get(ADA, f"/ada/m/resolve/{rev}/{path}").content


def post(box: HubBox, path: str, data: dict[str, str], language: str = "en") -> httpx.Response:
    return box.http.post(path, data=data, headers={"accept": "text/html", "accept-language": language})


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_an_edit_is_shown_before_it_is_committed(box: HubBox, repo: str, language: str) -> None:
    with box.counting() as statements:
        form = look(box, f"/{repo}/edit/main/a.txt", language)
    assert len(statements) <= 8
    sent = fields(form) | {"text": "one\r\n2\r\nthree\r\n", "deed": "look"}
    with box.counting() as statements:
        shown = post(box, f"/{repo}/edit/main/a.txt", sent, language)
    assert len(statements) <= 12
    assert shown.status_code == 200
    assert 'class="del"' in shown.text
    assert content(box, "a.txt") == b"one\ntwo\nthree\n"
    done = post(box, f"/{repo}/edit/main/a.txt", fields(shown) | {"deed": "commit", "where": "here"}, language)
    assert (done.status_code, done.headers["location"]) == (303, "/ada/m/blob/main/a.txt")
    assert content(box, "a.txt") == b"one\n2\nthree\n"
    assert "Update a.txt" in look(box, f"/{repo}/commits/main").text


@pytest.mark.parametrize(
    "before", ["\n\nfirst\n", "a\r\nb\r\n", "no end", HOSTILE, "\ufefftext\n", "名字\u2028\n", "a\fb\n"]
)
def test_what_nobody_changed_stays_as_it_is(box: HubBox, repo: str, before: str) -> None:
    commit(box, repo, {"x.txt": before})
    sent = fields(look(box, f"/{repo}/edit/main/x.txt"))
    assert "<script>alert" not in look(box, f"/{repo}/edit/main/x.txt").text
    sent["text"] = sent["text"].replace("\r\n", "\n").replace("\n", "\r\n")
    answer = post(box, f"/{repo}/edit/main/x.txt", sent | {"deed": "look"})
    assert "Nothing was changed." in answer.text
    done = post(box, f"/{repo}/edit/main/x.txt", sent | {"text": sent["text"] + "more\r\n", "deed": "commit"})
    assert done.status_code == 303
    assert content(box, "x.txt").decode().removesuffix("\n").removesuffix("\r").removesuffix("more") == before


def test_a_new_file_makes_its_folders(box: HubBox, repo: str) -> None:
    form = look(box, f"/{repo}/new/main/docs")
    assert fields(form)["path"] == "docs/"
    sent = fields(form) | {"path": "docs/deep/new.txt", "text": "hello\r\n", "deed": "look"}
    shown = post(box, f"/{repo}/new/main/docs", sent)
    assert "docs/deep/new.txt" in shown.text
    done = post(box, f"/{repo}/new/main/docs", fields(shown) | {"deed": "commit", "summary": "Say  hello\nthere"})
    assert done.headers["location"] == "/ada/m/blob/main/docs/deep/new.txt"
    assert content(box, "docs/deep/new.txt") == b"hello\n"
    assert "Say hello there" in look(box, f"/{repo}/commits/main").text


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "needs a name"),
        ("a.txt", "something at this path"),
        ("docs", "something at this path"),
        ("a.txt/b", "is a file, so it cannot be a folder"),
        ("../x", "cannot be used"),
        (".git/config", "cannot be used"),
        ("a\u202eb", "cannot be used"),
        ("x" * 300, "cannot be used"),
        ("w.safetensors", "kept as large files"),
    ],
)
def test_names_that_cannot_be_are_refused_with_the_reason(box: HubBox, repo: str, path: str, reason: str) -> None:
    sent = fields(look(box, f"/{repo}/new/main")) | {"path": path, "text": "kept text", "deed": "look"}
    answer = post(box, f"/{repo}/new/main", sent)
    assert reason in answer.text
    assert "kept text" in answer.text
    assert 'value="commit"' not in answer.text
    assert post(box, f"/{repo}/new/main", sent | {"deed": "commit"}).status_code in (400, 422)


def test_faults_of_a_card_are_shown_before_the_commit(box: HubBox, repo: str) -> None:
    sent = fields(look(box, f"/{repo}/new/main")) | {"path": "README.md", "text": "---\nlicense: nope\n---\n# Title\n"}
    answer = post(box, f"/{repo}/new/main", sent | {"deed": "look"})
    assert "not a known licence id" in answer.text
    assert re.search(r"<h1[^>]*>Title", answer.text)
    assert 'value="commit"' not in answer.text
    mild = post(box, f"/{repo}/new/main", sent | {"text": "# Title\n", "deed": "look"})
    assert "empty or missing yaml metadata" in mild.text
    assert 'value="commit"' in mild.text


def test_moving_keeps_what_is_in_a_file(box: HubBox, repo: str) -> None:
    upload(box, repo, b"w" * 5000)
    assert send(box, repo, lines(large("w.bin", b"w" * 5000))).status_code == 200
    for old, new in (("a.txt", "t/b.txt"), ("b.bin", "t/c.bin"), ("w.bin", "t/w.bin")):
        before = content(box, old)
        form = look(box, f"/{repo}/edit/main/{old}")
        assert ("<textarea" in form.text) == (old == "a.txt")
        shown = post(box, f"/{repo}/edit/main/{old}", fields(form) | {"path": new, "deed": "look"})
        assert "Renamed, with nothing else changed." in shown.text
        done = post(box, f"/{repo}/edit/main/{old}", fields(shown) | {"deed": "commit"})
        assert done.headers["location"] == f"/ada/m/blob/main/{new}"
        assert content(box, new) == before
        assert box.get(ADA, f"/{repo}/resolve/main/{old}").status_code == 404


def test_whoever_was_overtaken_sees_both_and_loses_nothing(box: HubBox, repo: str) -> None:
    sent = fields(look(box, f"/{repo}/edit/main/a.txt")) | {"text": "mine\r\n", "deed": "commit"}
    commit(box, repo, {"a.txt": "theirs\n"}, summary="Their work")
    answer = post(box, f"/{repo}/edit/main/a.txt", sent)
    assert answer.status_code == 409
    assert "Their work" in answer.text
    assert "mine" in answer.text
    assert "theirs" in answer.text
    assert content(box, "a.txt") == b"theirs\n"
    again = post(box, f"/{repo}/edit/main/a.txt", fields(answer) | {"deed": "back"})
    assert fields(again)["text"] == "mine\n"
    done = post(box, f"/{repo}/edit/main/a.txt", fields(answer) | {"deed": "commit"})
    assert done.status_code == 303
    assert content(box, "a.txt") == b"mine\n"


def test_work_elsewhere_in_the_branch_is_in_nobodys_way(box: HubBox, repo: str) -> None:
    sent = fields(look(box, f"/{repo}/edit/main/a.txt")) | {"text": "mine\r\n", "deed": "commit"}
    commit(box, repo, {"other.txt": "theirs\n"})
    assert post(box, f"/{repo}/edit/main/a.txt", sent).status_code == 303
    assert (content(box, "a.txt"), content(box, "other.txt")) == (b"mine\n", b"theirs\n")


def test_what_was_deleted_meanwhile_is_said_to_be(box: HubBox, repo: str) -> None:
    sent = fields(look(box, f"/{repo}/edit/main/a.txt")) | {"text": "mine\r\n", "deed": "commit"}
    assert send(box, repo, lines(("deletedFile", {"path": "a.txt"}))).status_code == 200
    answer = post(box, f"/{repo}/edit/main/a.txt", sent)
    assert "They deleted or moved it." in answer.text
    assert post(box, f"/{repo}/edit/main/a.txt", fields(answer) | {"deed": "commit"}).status_code == 303
    assert content(box, "a.txt") == b"mine\n"


def test_a_new_branch_takes_the_change_even_from_a_tag(box: HubBox, repo: str) -> None:
    assert box.post(ADA, f"/api/models/{repo}/tag/main", json={"tag": "v1"}).status_code == 200
    form = look(box, f"/{repo}/edit/v1/a.txt")
    sent = fields(form) | {"text": "mine\r\n", "deed": "commit", "where": "new", "branch": "try/it"}
    done = post(box, f"/{repo}/edit/v1/a.txt", sent)
    assert done.headers["location"] == "/ada/m/blob/try%2Fit/a.txt"
    assert (content(box, "a.txt"), content(box, "a.txt", "try%2Fit")) == (b"one\ntwo\nthree\n", b"mine\n")


@pytest.mark.parametrize("branch", ["", "main", "a..b", "-x", "refs/pr/1"])
def test_a_branch_that_cannot_be_leaves_nothing_behind(box: HubBox, repo: str, branch: str) -> None:
    sent = fields(look(box, f"/{repo}/edit/main/a.txt"))
    sent |= {"text": "mine\r\n", "deed": "commit", "where": "new", "branch": branch}
    answer = post(box, f"/{repo}/edit/main/a.txt", sent)
    assert answer.status_code in (400, 409)
    assert "mine" in answer.text
    assert len(box.get(ADA, f"/api/models/{repo}/refs").json()["branches"]) == 1


@pytest.mark.parametrize("path", ["a.txt", "docs"])
def test_files_and_folders_are_deleted_after_a_question(box: HubBox, repo: str, path: str) -> None:
    asked = look(box, f"/{repo}/delete/main/{path}")
    assert asked.status_code == 200
    assert box.get(ADA, f"/api/models/{repo}/tree/main").text.count(f'"{path}"') == 1
    done = post(box, f"/{repo}/delete/main/{path}", fields(asked) | {"deed": "commit"})
    assert (done.status_code, done.headers["location"]) == (303, "/ada/m/tree/main")
    assert f'"{path}"' not in box.get(ADA, f"/api/models/{repo}/tree/main").text
    assert post(box, f"/{repo}/delete/main/{path}", {"deed": "commit"}).status_code == 404


def test_a_text_that_is_too_long_is_refused_and_kept(box: HubBox, repo: str) -> None:
    sent = fields(look(box, f"/{repo}/new/main")) | {"path": "l.txt", "text": "x" * 1_000_001, "deed": "commit"}
    answer = post(box, f"/{repo}/new/main", sent)
    assert "more than 1 MB" in answer.text
    assert "x" * 1_000_001 in answer.text
    assert post(box, f"/{repo}/new/main", sent | {"text": "x" * 5_000_000}).status_code == 413


def test_only_who_may_write_gets_a_form(box: HubBox, repo: str) -> None:
    box.http.cookies.clear()
    for view in ("edit", "new", "delete"):
        answer = look(box, f"/{repo}/{view}/main/a.txt")
        assert answer.headers["location"].startswith("/login?next=")
    sign_in(box, EVE)
    for view in ("edit", "new", "delete"):
        assert look(box, f"/{repo}/{view}/main/a.txt").status_code == 403
        assert post(box, f"/{repo}/{view}/main/a.txt", {"deed": "commit", "path": "a.txt"}).status_code == 403
    for word in ("Edit", "Add file"):
        assert word not in look(box, f"/{repo}/blob/main/a.txt").text


def test_members_edit_what_their_organization_has(box: HubBox) -> None:
    make(box, "m", organization="lab")
    sign_in(box, BOB)
    assert look(box, "/lab/m/edit/main/.gitattributes").status_code == 200


def test_forms_of_other_sites_change_nothing(box: HubBox, repo: str) -> None:
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    for view in ("edit", "new", "delete"):
        sent = {"deed": "commit", "path": "a.txt", "text": "x"}
        assert box.http.post(f"/{repo}/{view}/main/a.txt", data=sent, headers=elsewhere).status_code == 403
    assert content(box, "a.txt") == b"one\ntwo\nthree\n"


@pytest.mark.parametrize("name", ['"><script>alert(1)<script>.txt', "a'b&c.txt", "100%25#?.txt", "名 字.txt"])
def test_hostile_names_are_edited_like_others(box: HubBox, repo: str, name: str) -> None:
    assert send(box, repo, lines(add(name, "text"))).status_code == 200
    page = look(box, f"/{repo}/tree/main").text
    addresses = [address for address in re.findall(r'href="(/ada/m/blob/main/[^"]*)"', page) if ".txt" in address]
    [address] = [address for address in addresses if not address.endswith("/a.txt")]
    form = look(box, address.replace("/blob/", "/edit/"))
    assert form.status_code == 200
    assert "<script>alert" not in form.text
    assert fields(form)["path"] == name
    shown = post(box, address.replace("/blob/", "/edit/"), fields(form) | {"text": "new", "deed": "look"})
    assert "<script>alert" not in shown.text
    assert post(box, address.replace("/blob/", "/edit/"), fields(shown) | {"deed": "commit"}).status_code == 303
