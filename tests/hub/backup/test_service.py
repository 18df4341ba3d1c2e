"""Backup while the hub runs, and restore elsewhere."""

import json
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.hub.backup.records import BadBackup
from bearhug.hub.backup.service import Backups, restore


def quiet(_text: str) -> None:
    """Nobody watches."""


def backups(box: HubBox) -> Backups:
    return Backups(box.app.db, box.app.git, box.config.data, "test")


def put_back(target: Path, folder: Path) -> HubBox:
    """A hub from a backup; people keep their passwords and tokens."""
    data = folder / "data"
    restore(target, data, f"sqlite:///{data / 'bearhug.db'}", quiet)
    box = HubBox(folder)
    box.app.transport.settle()
    box.enter()
    return box


def test_everything_comes_back(box: HubBox, tmp_path: Path) -> None:
    repo = make(box)
    upload(box, repo, b"weights" * 1000)
    send(box, repo, lines(large("w.bin", b"weights" * 1000), add("a.txt", "one")))
    token = box.token(ADA)
    box.settle()
    backups(box).make(tmp_path / "copy", quiet)
    send(box, repo, lines(add("a.txt", "after the backup")))

    restored = put_back(tmp_path / "copy", tmp_path / "new")
    headers = {"authorization": f"Bearer {token}"}
    assert restored.get(NOBODY, f"/{repo}/resolve/main/w.bin", headers=headers).content == b"weights" * 1000
    assert restored.get(NOBODY, f"/{repo}/resolve/main/a.txt", headers=headers).text == "one"
    assert [row["id"] for row in restored.get(NOBODY, "/api/models?author=ada").json()] == [repo]
    assert restored.app.git.check(next(iter(restored.app.repos.walk())).folder, deep=True) == []
    restored.close()


def test_a_second_backup_carries_only_what_changed(box: HubBox, tmp_path: Path) -> None:
    repo = make(box)
    commit(box, repo, {"a.txt": "one"})
    first = backups(box).make(tmp_path / "copy", quiet)
    make(box, "other")
    box.ask("DELETE", ADA, "/api/repos/delete", json={"name": "m"})
    second = backups(box).make(tmp_path / "copy", quiet)
    assert (first.repositories, second.repositories) == (1, 1)
    restored = put_back(tmp_path / "copy", tmp_path / "new")
    assert [found.full_name for found in restored.app.repos.walk()] == ["ada/other"]
    assert len(list((tmp_path / "new" / "data" / "repos").glob("*/*.git"))) == 1
    restored.close()


def test_references_that_are_ahead_of_the_rows_are_settled(box: HubBox, tmp_path: Path) -> None:
    repo = make(box)
    commit(box, repo, {"a.txt": "one"})
    backups(box).make(tmp_path / "copy", quiet)
    oid = commit(box, repo, {"a.txt": "pushed while the backup ran"})
    folder = next(iter(box.app.repos.walk())).folder
    from bearhug.hub.backup.copying import Tally, mirror

    mirror(box.app.git.path(folder), tmp_path / "copy" / "repos" / folder[:2] / f"{folder}.git", Tally())
    restored = put_back(tmp_path / "copy", tmp_path / "new")
    assert next(iter(restored.app.repos.walk())).head == oid
    restored.close()


def test_a_backup_that_was_cut_off_is_none(box: HubBox, tmp_path: Path) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    (tmp_path / "copy" / "manifest.json").unlink()
    with pytest.raises(BadBackup, match="no complete backup"):
        put_back(tmp_path / "copy", tmp_path / "new")


def test_damaged_rows_are_noticed(box: HubBox, tmp_path: Path) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    with (tmp_path / "copy" / "rows.db").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BadBackup, match="checksum"):
        put_back(tmp_path / "copy", tmp_path / "new")


def test_a_newer_format_is_refused(box: HubBox, tmp_path: Path) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    path = tmp_path / "copy" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(BadBackup, match="format 99"):
        put_back(tmp_path / "copy", tmp_path / "new")


def test_nothing_is_written_over(box: HubBox, tmp_path: Path) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    full = tmp_path / "full"
    full.mkdir()
    (full / "precious").write_text("x")
    with pytest.raises(BadBackup, match="neither empty nor a backup"):
        backups(box).make(full, quiet)
    with pytest.raises(BadBackup, match="not empty"):
        restore(tmp_path / "copy", full, f"sqlite:///{full / 'bearhug.db'}", quiet)
    with pytest.raises(BadBackup, match="inside the data folder"):
        backups(box).make(box.config.data / "copy", quiet)
