"""History without certain blobs: what changes, what stays the same to the last byte, and that git agrees."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.hub.lfs_files.rewrite import Rewriting


class Repo:
    """A bare repository made by the git program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)

    def run(self, *words: str, stdin: bytes = b"") -> str:
        env = {
            "PATH": "/usr/bin:/bin",
            "GIT_AUTHOR_NAME": "Ada Ä",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Bob",
            "GIT_COMMITTER_EMAIL": "bob@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0530",
            "GIT_COMMITTER_DATE": "1700000001 -0800",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        done = subprocess.run(
            ["git", "-C", str(self.path), *words], input=stdin, capture_output=True, env=env, check=True
        )
        return done.stdout.decode(errors="surrogateescape").strip()

    def blob(self, text: str) -> str:
        return self.run("hash-object", "-w", "--stdin", stdin=text.encode())

    def tree(self, files: dict[str, str]) -> str:
        """A tree of paths to contents."""
        lines, folders = [], dict[str, dict[str, str]]()
        for path, text in files.items():
            head, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(head, {})[rest] = text
            else:
                lines.append(f"100644 blob {self.blob(text)}\t{head}\0")
        lines += [f"040000 tree {self.tree(inside)}\t{name}\0" for name, inside in folders.items()]
        return self.run("mktree", "-z", stdin="".join(lines).encode())

    def commit(self, files: dict[str, str], *parents: str, message: str = "a change\n\nwith reasons") -> str:
        words = [word for parent in parents for word in ("-p", parent)]
        return self.run("commit-tree", self.tree(files), *words, "-F", "-", stdin=message.encode())

    def set(self, ref: str, oid: str) -> None:
        self.run("update-ref", ref, oid)

    def files(self, rev: str) -> dict[str, str]:
        paths = self.run("ls-tree", "-r", "--name-only", rev).splitlines()
        return {path: self.run("show", f"{rev}:{path}") for path in paths}

    def rewrite(self, *texts: str) -> dict[str, str]:
        """Without these contents; where each reference leads then. The references are moved."""
        moves = Rewriting(self.path, [self.blob(text) for text in texts]).run()
        for ref, old, new in moves:
            assert self.run("rev-parse", ref) == old
            self.set(ref, new)
        assert self.run("fsck", "--strict", "--no-dangling") == ""
        return {ref: new for ref, _, new in moves}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r.git")


def test_the_blob_goes_from_every_commit_and_nothing_else_does(repo: Repo) -> None:
    one = repo.commit({"a": "keep", "b": "drop", "d/e/f": "drop", "d/g": "keep too"})
    two = repo.commit({"a": "changed", "b": "drop", "d/g": "keep too"}, one)
    repo.set("refs/heads/main", two)
    repo.rewrite("drop")
    assert repo.files("main") == {"a": "changed", "d/g": "keep too"}
    assert repo.files("main~1") == {"a": "keep", "d/g": "keep too"}
    assert repo.run("log", "--format=%an %ae %ad %cn %cd %B", "main~1", "--date=raw") == repo.run(
        "log", "--format=%an %ae %ad %cn %cd %B", one, "--date=raw"
    )


def test_commits_before_the_blob_keep_their_ids(repo: Repo) -> None:
    clean = repo.commit({"a": "1"})
    dirty = repo.commit({"a": "1", "b": "drop"}, clean)
    after = repo.commit({"a": "2"}, dirty)
    repo.set("refs/heads/main", after)
    repo.set("refs/heads/old", clean)
    moves = repo.rewrite("drop")
    assert list(moves) == ["refs/heads/main"]
    assert repo.run("rev-parse", "main~2") == clean
    assert repo.run("rev-parse", "main") != after


def test_nothing_to_drop_changes_nothing(repo: Repo) -> None:
    repo.set("refs/heads/main", repo.commit({"a": "1"}))
    assert repo.rewrite("never was there") == {}
    assert list(repo.path.glob("objects/pack/*")) == []


def test_merges_stay_merges(repo: Repo) -> None:
    root = repo.commit({"a": "1"})
    left = repo.commit({"a": "2"}, root)
    right = repo.commit({"a": "1", "b": "drop"}, root)
    repo.set("refs/heads/main", repo.commit({"a": "2", "b": "drop"}, left, right))
    repo.rewrite("drop")
    parents = repo.run("rev-list", "--parents", "-1", "main").split()[1:]
    assert parents[0] == left
    assert parents[1] != right
    assert repo.files("main") == {"a": "2"}


def test_a_commit_that_held_nothing_else_becomes_empty(repo: Repo) -> None:
    repo.set("refs/heads/main", repo.commit({"d/b": "drop"}))
    repo.rewrite("drop")
    assert repo.files("main") == {}


def test_branches_tags_and_pull_requests_follow(repo: Repo) -> None:
    dirty = repo.commit({"a": "1", "b": "drop"})
    for ref in ("refs/heads/main", "refs/tags/light", "refs/pr/1", "refs/bearhug/incoming/x"):
        repo.set(ref, dirty)
    repo.run("tag", "-a", "-m", "first\n\nof all", "heavy", dirty)
    repo.set("refs/tags/blob", repo.blob("just a blob"))
    moves = repo.rewrite("drop")
    assert set(moves) == {"refs/heads/main", "refs/tags/light", "refs/pr/1", "refs/tags/heavy"}
    assert len({repo.run("rev-parse", f"{ref}^{{commit}}") for ref in moves}) == 1
    assert repo.run("cat-file", "tag", "heavy").endswith("first\n\nof all")
    assert repo.run("rev-parse", "refs/bearhug/incoming/x") == dirty


def test_signatures_that_would_be_wrong_are_left_out(repo: Repo) -> None:
    plain = repo.run("cat-file", "commit", repo.commit({"b": "drop"}))
    header, _, message = plain.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----"
    raw = f"{header}\n{signature}\nencoding latin-1\n\n{message}\n\ngpgsig of mine\n"
    repo.set("refs/heads/main", repo.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode()))
    repo.rewrite("drop")
    now = repo.run("cat-file", "commit", "main")
    assert "SIGNATURE" not in now
    assert "encoding latin-1" in now
    assert now.endswith("gpgsig of mine")


def test_modes_and_odd_names_stay(repo: Repo) -> None:
    link, text, drop = repo.blob("target"), repo.blob("text"), repo.blob("drop")
    entries = [f"120000 blob {link}\tlink\0", f"100755 blob {text}\trun me\n.sh\0", f"100644 blob {drop}\tdrop\0"]
    entries.append("160000 commit " + "1" * 40 + "\tmodule\0")
    tree = repo.run("mktree", "-z", "--missing", stdin="".join(entries).encode())
    repo.set("refs/heads/main", repo.run("commit-tree", tree, "-m", "odd"))
    repo.rewrite("drop")
    left = repo.run("ls-tree", "-z", "main").split("\0")
    assert left == [
        f"120000 blob {link}\tlink",
        "160000 commit " + "1" * 40 + "\tmodule",
        f"100755 blob {text}\trun me\n.sh",
        "",
    ]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "d/a", "d/b", "d/e/a"]), st.sampled_from("xyz"), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_every_commit_is_what_it_was_less_the_blob(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]
) -> None:
    repo = Repo(tmp_path_factory.mktemp("history") / "r.git")
    parents: list[str] = []
    for files in history:
        parents = [repo.commit(files, *parents)]
    repo.set("refs/heads/main", parents[0])
    repo.rewrite("x")
    for age, files in enumerate(reversed(history)):
        assert repo.files(f"main~{age}") == {path: text for path, text in files.items() if text != "x"}
