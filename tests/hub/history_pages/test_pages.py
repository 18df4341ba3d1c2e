"""Commits, their differences and comparisons, as people read them."""

import subprocess
from pathlib import Path

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import LANGUAGES, look, sign_in
from tests.repowork import commit, large, lines, make, send, upload


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"a.txt": "one\ntwo words here\nthree\n"}, summary="First")
    assert box.post(ADA, "/api/models/ada/m/branch/feat%2Fx", json={}).status_code == 200
    assert send(box, "ada/m", lines(_file("a.txt", "one\ntwo terms here\nthree\n")), rev="feat%2Fx").status_code == 200
    commit(box, "ada/m", {"other.txt": "new\n"}, summary="On main")
    return "ada/m"


def _file(path: str, text: str) -> tuple[str, dict[str, str]]:
    return "file", {"path": path, "content": text}


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    return subprocess.run(["git", *words], cwd=folder, input=stdin, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/commits/main", 9),
        ("/commits/feat%2Fx/a.txt", 9),
        ("/commit/main", 7),
        ("/commit/main?view=split", 7),
        ("/compare", 6),
        ("/compare/main...feat%2Fx", 7),
    ],
)
def test_pages_ask_the_database_little(box: HubBox, repo: str, page: str, most: int, language: str) -> None:
    sign_in(box, ADA)
    with box.counting() as statements:
        answer = look(box, f"/{repo}{page}", language)
    assert answer.status_code == 200
    assert len(statements) <= most, statements


def test_a_comparison_shows_what_the_head_did_since_they_parted(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}/compare/main...feat%2Fx").text
    assert "1 commit ahead" in page
    assert "1 commit behind" in page
    assert "<mark>terms</mark>" in page
    assert "other.txt" not in page
    assert "other.txt" in look(box, f"/{repo}/compare/main..feat%2Fx").text


def test_two_revisions_are_chosen_by_a_form(box: HubBox, repo: str) -> None:
    answer = look(box, f"/{repo}/compare?base=main&head=feat/x")
    assert answer.headers["location"] == "/ada/m/compare/main...feat%2Fx"
    refused = look(box, f"/{repo}/compare/main...<script>")
    assert refused.status_code == 404
    assert "<script>..." not in refused.text
    assert 'name="base"' in refused.text


def test_lines_stand_side_by_side_with_their_words_marked(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}/compare/main...feat%2Fx?view=split").text
    assert page.count("<mark>") == 2
    assert 'class="number del">2<' in page
    assert 'class="number add">2<' in page


def test_a_large_file_changes_by_its_size(box: HubBox, repo: str) -> None:
    for size in (5000, 9000):
        upload(box, repo, b"w" * size)
        assert send(box, repo, lines(large("w.bin", b"w" * size))).status_code == 200
    page = look(box, f"/{repo}/commit/main").text
    assert "5 kB" in page
    assert "9 kB" in page
    assert "+4 kB" in page


def test_a_long_difference_is_folded_and_can_be_seen_alone(box: HubBox, repo: str) -> None:
    text = "".join(f"line {number} of a long text\n" for number in range(9000))
    commit(box, repo, {"long.txt": text, "b.txt": "b\n"})
    page = look(box, f"/{repo}/commit/main").text
    assert "Show it alone" in page
    alone = look(box, f"/{repo}/commit/main?file=long.txt").text
    assert "line 8999 of" in alone
    assert "All changed files" in alone
    assert look(box, f"/{repo}/commit/main?file=gone.txt").status_code == 404


def test_many_files_come_by_page(box: HubBox, repo: str) -> None:
    commit(box, repo, {f"f{number:03}.txt": "x\n" for number in range(100)})
    assert "Page 1 of 3" in look(box, f"/{repo}/commit/main").text
    assert "f099.txt" in look(box, f"/{repo}/commit/main?p=2").text.rpartition("</details>")[0]


def test_a_commit_comes_as_a_letter_that_git_takes(box: HubBox, repo: str, tmp_path: Path) -> None:
    commit(box, repo, {"x.txt": "x\n"}, summary="标题 of\tit", description="Body.\n\nMore.")
    oid = box.get(ADA, f"/api/models/{repo}/commits/main").json()[0]["id"]
    letter = box.get(ADA, f"/{repo}/commit/{oid}.patch").content
    assert box.get(ADA, f"/{repo}/commit/{oid}.diff").content in letter
    git(tmp_path, "init", "-q")
    git(tmp_path, "-c", "user.name=n", "-c", "user.email=n@example.org", "am", "-q", stdin=letter)
    said = git(tmp_path, "log", "-1", "--format=%s%n%an%n%b")
    assert said.startswith("标题 of it\nada\n")
    assert (tmp_path / "x.txt").read_text() == "x\n"


def test_commits_stand_under_their_day(box: HubBox, repo: str) -> None:
    folder = next(found.folder for found in box.app.repos.walk() if found.full_name == repo)
    Workshop(box.app.git, folder).commit({"c.txt": "c"}, "<script>alert(1)</script>\n\nWhy\n")
    page = look(box, f"/{repo}/commits/main", "zh").text
    assert "2023年11月14日" in page
    assert "<script>alert" not in page
    assert page.count('class="day"') == 2


def test_the_past_of_a_private_repository_is_hidden(box: HubBox) -> None:
    make(box, "s", private=True)
    sign_in(box, EVE)
    for page in (
        "/compare",
        "/compare/main...main",
        "/commit/main",
        "/commit/main.patch",
        "/commits/main",
        "/branches",
    ):
        assert look(box, f"/ada/s/{page}").status_code == 404
