"""Packing, packing of references, and sweeping up after programs that were killed."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from tests.gitwork import Workshop

from bearhug.base.db import Database
from bearhug.base.events import Job
from bearhug.base.worker import Cancelled, Run
from bearhug.hub.git import upkeep
from bearhug.hub.git.jobs import UPKEEP, Upkeep
from bearhug.hub.git.service import Git
from bearhug.hub.git.store import Folders


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(Folders(tmp_path / "repos", tmp_path / "pending", tmp_path / "trash"))


@pytest.fixture
def shop(git: Git) -> Workshop:
    folder = git.new_folder()
    git.create(folder, {"a.txt": b"first"}, "ada")
    return Workshop(git, folder)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(Database(f"sqlite:///{tmp_path / 'jobs.db'}"), Job(1, UPKEEP, {}, 1))


def packs(shop: Workshop) -> int:
    return len(list(shop.git.path(shop.folder).glob("objects/pack/*.pack")))


def tend(shop: Workshop, run: Run) -> None:
    Upkeep(shop.git).tend({"folder": shop.folder}, run)


def test_many_packs_become_few_and_nothing_is_lost(shop: Workshop, run: Run) -> None:
    forgotten = shop.commit({"a.txt": "on no branch soon"}, ref="refs/heads/gone")
    for number in range(upkeep.MOST_PACKS):
        shop.commit({f"{number}.txt": str(number)})
    shop.git.move_ref(shop.folder, "refs/heads/gone", "0" * 40, old=forgotten)
    before = shop.run("rev-list", "--objects", "main", forgotten)
    assert packs(shop) > upkeep.MOST_PACKS
    tend(shop, run)
    assert packs(shop) == 1
    assert shop.run("rev-list", "--objects", "main", forgotten) == before
    assert (shop.git.path(shop.folder) / "objects/info/commit-graph").exists()
    assert shop.git.check(shop.folder, deep=True) == []
    assert shop.git.read(shop.folder).blob(shop.run("rev-parse", f"{forgotten}:a.txt").strip()) == b"on no branch soon"


def test_many_loose_objects_become_a_pack(shop: Workshop, run: Run) -> None:
    lines = "".join(f"blob\ndata {len(str(number))}\n{number}\n" for number in range(3000))
    limit = ("-c", "fastimport.unpackLimit=100000", "-c", "core.fsync=none")
    shop.run(*limit, "fast-import", "--quiet", stdin=lines.encode())
    assert packs(shop) == 0
    tend(shop, run)
    assert packs(shop) == 1
    assert "count: 0" in shop.run("count-objects", "-v")


def test_a_repository_in_good_order_is_left_alone(shop: Workshop, run: Run) -> None:
    shop.commit({"b.txt": "second"})
    path = shop.git.path(shop.folder)
    before = sorted(path.rglob("*"))
    tend(shop, run)
    assert sorted(path.rglob("*")) == before


def test_many_references_are_kept_in_one_file(shop: Workshop, run: Run) -> None:
    tip = shop.tip()
    names = [f"refs/tags/v{number}" for number in range(upkeep.MOST_LOOSE_REFS)]
    shop.run("update-ref", "--stdin", stdin="".join(f"create {name} {tip}\n" for name in names).encode())
    tend(shop, run)
    path = shop.git.path(shop.folder)
    assert not upkeep.needs_packed_refs(path)
    assert {ref.ref for ref in shop.git.read(shop.folder).refs()} == {"refs/heads/main", *names}
    assert not shop.git.unsettled()


def test_a_repository_that_is_gone_is_passed_over(shop: Workshop, run: Run) -> None:
    shop.git.discard(shop.folder)
    tend(shop, run)


def test_packing_stops_when_the_hub_stops(shop: Workshop, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "MOST_PACKS", 0)
    monkeypatch.setattr(upkeep, "command", lambda *_words: ["sleep", "60"])
    shop.commit({"b.txt": "second"})
    run.stop.set()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        tend(shop, run)
    assert time.monotonic() - started < 10


def test_a_pack_that_fails_says_why(shop: Workshop, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "MOST_PACKS", 0)
    shop.commit({"b.txt": "second"})
    (shop.git.path(shop.folder) / "HEAD").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        tend(shop, run)


def test_only_what_is_old_and_left_over_is_swept(shop: Workshop) -> None:
    path = shop.git.path(shop.folder)
    left = [
        path / "objects/pack/tmp_pack_old",
        path / "objects/pack/.tmp-1-pack-x.pack",
        path / "objects/tmp_objdir-incoming-old",
        path / "refs/bearhug/incoming/old",
        path / "fast_import_crash_1",
    ]
    (path / "objects/tmp_objdir-incoming-old/pack").mkdir(parents=True)
    (path / "objects/tmp_objdir-incoming-new").mkdir()
    (path / "refs/bearhug/incoming").mkdir(parents=True)
    for found in left:
        if not found.exists():
            found.write_text(f"{shop.tip()}\n")
    long_ago = time.time() - 2 * upkeep.FORGOTTEN_AFTER
    for found in left:
        os.utime(found, (long_ago, long_ago))
    assert upkeep.sweep(path) == len(left)
    assert not any(found.exists() for found in left)
    assert (path / "objects/tmp_objdir-incoming-new").exists()
    assert shop.git.check(shop.folder, deep=True) == []
