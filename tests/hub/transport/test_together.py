"""Pushes, commits by the API and upkeep at the same time: nobody's work is lost."""

import json
import subprocess
import threading
from collections.abc import Callable

import pytest
from tests.clients.gitbox import GitBox
from tests.hub.transport.served import Served
from tests.people import ADA, BOB

from bearhug.base.events import Job
from bearhug.base.worker import Run
from bearhug.hub.git import upkeep
from bearhug.hub.git.jobs import Upkeep
from bearhug.hub.repos.records import Repo

EACH = 5


def commit_by_api(served: Served, repo: Repo, path: str) -> None:
    lines = [
        {"key": "header", "value": {"summary": f"Add {path}"}},
        {"key": "file", "value": {"path": path, "content": "api", "encoding": "utf-8"}},
    ]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    headers = {"content-type": "application/x-ndjson"}
    answer = served.box.post(ADA, f"/{repo.api_path}/commit/main", content=body, headers=headers)
    assert answer.status_code == 200, answer.text


def push_until_it_lands(desk: GitBox, path: str) -> None:
    """As people do: when somebody was faster, rebase and push again."""
    desk.write(path, "git")
    desk.commit(f"Add {path}")
    for _ in range(200):
        if desk.try_("push", "-q").code == 0:
            return
        desk("pull", "-q", "--rebase")
    raise AssertionError("never landed")


def all_at_once(*works: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_pushes_and_commits_by_the_api_never_lose_each_other(served: Served) -> None:
    repo = served.repo(owner="lab")
    desks = [served.desk(ADA), served.desk(BOB)]
    for desk in desks:
        desk.clone(repo.path)

    def by_api() -> None:
        for number in range(EACH):
            commit_by_api(served, repo, f"api-{number}.txt")

    def by_git(desk: GitBox, who: str) -> None:
        for number in range(EACH):
            push_until_it_lands(desk, f"{who}-{number}.txt")

    all_at_once(by_api, lambda: by_git(desks[0], "ada"), lambda: by_git(desks[1], "bob"))
    shop = served.shop(repo)
    expected = {f"{who}-{number}.txt" for who in ("api", "ada", "bob") for number in range(EACH)}
    assert set(shop.run("ls-tree", "--name-only", "main").split()) == expected | {".gitattributes"}
    assert shop.run("rev-list", "--count", "main").strip() == str(3 * EACH + 1)
    assert served.fresh(repo).head == shop.tip()
    assert not served.box.app.git.unsettled()
    assert served.box.app.git.check(repo.folder, deep=True) == []


def test_many_pushes_to_branches_of_one_repository_all_land(served: Served) -> None:
    repo = served.repo()
    desk = served.desk(ADA)
    desk.clone(repo.path)
    branches = []
    for number in range(12):
        desk("checkout", "-q", "-B", f"b{number}", "origin/main")
        desk.write("a.txt", str(number))
        branches.append((f"refs/heads/b{number}", desk.commit(str(number))))
    words = ["git", "-C", str(desk.work), "push", "-q", "--no-verify", "origin"]
    running = [subprocess.Popen([*words, ref], env=desk.shell.env) for ref, _ in branches]
    assert [program.wait(60) for program in running] == [0] * 12
    assert [served.shop(repo).tip(ref) for ref, _ in branches] == [oid for _, oid in branches]


@pytest.mark.parametrize("refs", [upkeep.MOST_LOOSE_REFS, 0])
def test_upkeep_goes_unnoticed(served: Served, monkeypatch: pytest.MonkeyPatch, refs: int) -> None:
    """Packs are joined and references packed over and over, while people push, clone, commit and read."""
    monkeypatch.setattr(upkeep, "MOST_PACKS", 0)
    monkeypatch.setattr(upkeep, "MOST_LOOSE_REFS", refs)
    repo = served.repo()
    desk = served.desk(ADA)
    desk.clone(repo.path)
    done = threading.Event()
    tended = []
    job = Run(served.box.app.db, Job(0, "git.upkeep", {}, 1))

    def tend() -> None:
        while not done.is_set():
            Upkeep(served.box.app.git).tend({"folder": repo.folder}, job)
            tended.append(1)

    def read() -> None:
        while not done.is_set():
            reading = served.box.app.git.read(repo.folder)
            tip = reading.ref("refs/heads/main")
            assert tip is not None
            for entry in reading.entries(tip):
                reading.blob(entry.oid)
            assert len(list(reading.log(tip))) > 0

    def write() -> None:
        try:
            for number in range(EACH):
                push_until_it_lands(desk, f"git-{number}.txt")
                commit_by_api(served, repo, f"api-{number}.txt")
        finally:
            done.set()

    all_at_once(tend, read, write)
    shop = served.shop(repo)
    assert len(tended) > 3
    assert shop.run("rev-list", "--count", "main").strip() == str(2 * EACH + 1)
    assert served.box.app.git.check(repo.folder, deep=True) == []
    assert served.fresh(repo).head == shop.tip()
