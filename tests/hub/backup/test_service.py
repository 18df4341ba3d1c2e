"""Backup while the hub runs, and restore elsewhere."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY
from tests.postgres import Postgres
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.base.db import Database
from bearhug.hub.backup.records import BadBackup
from bearhug.hub.backup.service import Backups, restore
from bearhug.migrations.upgrade import NewerDatabase, upgrade
from bearhug.parts.inference import MADE_AGAIN


def quiet(_text: str) -> None:
    """Nobody watches."""


def backups(box: HubBox) -> Backups:
    return Backups(box.app.db, box.app.git, box.config.data, "test")


def put_back(target: Path, folder: Path, url: str = "") -> HubBox:
    """A hub from a backup; people keep their passwords and tokens."""
    data = folder / "data"
    url = url or f"sqlite:///{data / 'bearhug.db'}"
    restore(target, data, url, upgrade, quiet)
    box = HubBox(folder, database_url=url)
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
        restore(tmp_path / "copy", full, f"sqlite:///{full / 'bearhug.db'}", upgrade, quiet)
    with pytest.raises(BadBackup, match="inside the data folder"):
        backups(box).make(box.config.data / "copy", quiet)


def test_a_hub_moves_to_postgresql_and_back(box: HubBox, tmp_path: Path, postgres: Postgres) -> None:
    repo = make(box)
    commit(box, repo, {"README.md": "# About herons"})
    box.settle()
    backups(box).make(tmp_path / "one", quiet)
    server = put_back(tmp_path / "one", tmp_path / "server", postgres.fresh())
    assert [row["id"] for row in server.get(NOBODY, "/api/models?search=herons").json()] == [repo]
    make(server, "made-there")
    backups(server).make(tmp_path / "two", quiet)
    server.close()
    back = put_back(tmp_path / "two", tmp_path / "back")
    assert {row["id"] for row in back.get(NOBODY, "/api/models?author=ada").json()} == {repo, "ada/made-there"}
    assert [row["id"] for row in back.get(NOBODY, "/api/models?search=herons").json()] == [repo]
    back.close()


def test_rows_are_brought_to_this_version_before_they_are_carried(
    box: HubBox, tmp_path: Path, postgres: Postgres
) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    url = postgres.fresh()

    def later(db: Database) -> None:
        """A step of the tables that renames somebody."""
        upgrade(db)
        with db.writing() as tx:
            tx.execute(text("UPDATE owners SET fullname = 'Countess' WHERE name = 'ada'"))

    restore(tmp_path / "copy", tmp_path / "new" / "data", url, later, quiet)
    box = HubBox(tmp_path / "new", database_url=url)
    assert box.app.accounts.get("ada").fullname == "Countess"
    box.close()


def test_a_backup_of_a_newer_version_is_refused_and_leaves_nothing(box: HubBox, tmp_path: Path) -> None:
    backups(box).make(tmp_path / "copy", quiet)
    rows, manifest = tmp_path / "copy" / "rows.db", tmp_path / "copy" / "manifest.json"
    with closing(sqlite3.connect(rows)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    digest = sha256(rows.read_bytes()).hexdigest()
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "database_sha256": digest}))
    with pytest.raises(NewerDatabase):
        put_back(tmp_path / "copy", tmp_path / "new")
    assert list((tmp_path / "new" / "data").iterdir()) == []


def test_what_the_hub_makes_again_is_not_copied(box: HubBox, tmp_path: Path) -> None:
    for name in ("models", "workers", "environments"):
        (box.config.data / name).mkdir()
        (box.config.data / name / "large").write_bytes(b"x")
    (box.config.data / "running.lock").write_text("http://here")
    Backups(box.app.db, box.app.git, box.config.data, "test", passing=MADE_AGAIN).make(tmp_path / "copy", quiet)
    there = {path.name for path in (tmp_path / "copy").iterdir()}
    assert "secret.key" in there
    assert there.isdisjoint({"models", "workers", "environments", "running.lock"})
