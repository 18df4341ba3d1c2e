"""Fixtures of the oracle: an HfApi for everybody, fresh repositories, a notebook, a git home, Node."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from tests.clients.gitbox import GitBox
from tests.clients.notebook import Notebook
from tests.clients.shell import Shell
from tests.live_hub import WRONG_TOKEN, LiveHub, client_env
from tests.people import ADA, BOB, EVE, Person

NewRepo = Callable[..., str]
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Clients may warn about their own habits; these are not ours to mend."""
    config.addinivalue_line("filterwarnings", "ignore:Use 'content=<...>' to upload raw:DeprecationWarning")


@pytest.fixture(scope="session")
def ada(hub: LiveHub) -> HfApi:
    """The API as the owner uses it, with a token that may write."""
    return HfApi(token=hub.token(ADA))


@pytest.fixture(scope="session")
def ada_reads(hub: LiveHub) -> HfApi:
    """The owner with a token that may only read."""
    return HfApi(token=hub.token(ADA, "read"))


@pytest.fixture(scope="session")
def bob(hub: LiveHub) -> HfApi:
    """A member of the organisation `lab`."""
    return HfApi(token=hub.token(BOB))


@pytest.fixture(scope="session")
def eve(hub: LiveHub) -> HfApi:
    """A stranger with an account."""
    return HfApi(token=hub.token(EVE))


@pytest.fixture(scope="session")
def nobody(hub: LiveHub) -> HfApi:
    """Somebody without an account."""
    return HfApi(token=False)


@pytest.fixture(scope="session")
def impostor(hub: LiveHub) -> HfApi:
    """Somebody with a token that the hub never gave out."""
    return HfApi(token=WRONG_TOKEN)


def numbered(stem: str) -> str:
    """A name that no other test of this run has."""
    return f"{re.sub('[^a-z0-9]+', '-', stem.lower())[:40].strip('-')}-{next(_numbers)}"


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A fresh repository name, `ada/…`, that nobody has made yet."""
    return f"ada/{numbered(request.node.name.removeprefix('test_').split('[')[0])}"


@pytest.fixture
def new_repo(request: pytest.FixtureRequest, ada: HfApi) -> NewRepo:
    """Makes a fresh repository of ada's with the files given: `new_repo({"a.txt": "…"}, private=True)`."""

    def make(
        files: dict[str, str | bytes] | None = None,
        *,
        repo_type: str = "model",
        private: bool = False,
        owner: str = "ada",
    ) -> str:
        stem = request.node.name.removeprefix("test_").split("[")[0]
        repo = f"{owner}/{numbered(stem)}"
        sdk = "static" if repo_type == "space" else None
        ada.create_repo(repo, repo_type=repo_type, private=private, space_sdk=sdk)
        if files:
            add_files(ada, repo, files, repo_type=repo_type)
        return repo

    return make


def add_files(
    api: HfApi, repo: str, files: dict[str, str | bytes], *, repo_type: str = "model", revision: str = "main"
) -> str:
    """One commit with these files; gives its id."""
    operations = [
        CommitOperationAdd(path, body.encode() if isinstance(body, str) else body) for path, body in files.items()
    ]
    done = api.create_commit(repo, operations, commit_message="Add files", repo_type=repo_type, revision=revision)
    return str(done.oid)


@pytest.fixture
def shell(hub: LiveHub, tmp_path: Path) -> Callable[..., Shell]:
    """A terminal of one person: `shell(ADA)("hf", "auth", "whoami")`."""

    def open_shell(person: Person, *, role: str = "write", xet: bool = False) -> Shell:
        home = tmp_path / f"home-of-{person.name or 'nobody'}"
        env = client_env(hub.url, home / "hf", token=hub.token(person, role), xet=xet)
        return Shell(home, env)

    return open_shell


@pytest.fixture
def gitbox(hub: LiveHub, tmp_path: Path) -> Callable[..., GitBox]:
    """A computer with git and git-lfs on which one person works: `gitbox(ADA)`."""

    def open_box(person: Person, *, computer: str = "desk", secret: str | None = None) -> GitBox:
        home = tmp_path / f"{computer}-of-{person.name or 'nobody'}"
        return GitBox(home, hub.url, person.name, person.password if secret is None else secret)

    return open_box


@pytest.fixture(scope="session")
def notebook(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """One long-lived Python, as behind a notebook, with heavy libraries imported once; uploads go through LFS."""
    home = tmp_path_factory.mktemp("notebook")
    with Notebook(home, client_env(hub.url, home / "hf", token=hub.token(ADA))) as kernel:
        yield kernel


@pytest.fixture(scope="session")
def xet_notebook(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """The same with Xet on, as a client of today is when nothing is switched off."""
    home = tmp_path_factory.mktemp("xet-notebook")
    with Notebook(home, client_env(hub.url, home / "hf", token=hub.token(ADA), xet=True)) as kernel:
        yield kernel


def eventually(check: Callable[[], bool], *, within: float = 15.0) -> bool:
    """Cards are read by a worker shortly after the commit; wait for it."""
    deadline = time.monotonic() + within
    while not (held := check()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held
