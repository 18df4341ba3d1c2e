"""A consistent copy of a running hub: rows first, then everything they speak of.

Contents are never changed in place and are removed only long after their last row, so a copy that begins with a
snapshot of the rows finds all that they name. Repositories are copied one at a time under their lock; their references
may be ahead of the snapshot, which the restored hub settles as it would after a crash.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, select

from bearhug.base import clock
from bearhug.base.db import Database, sqlite_url
from bearhug.hub.backup import store
from bearhug.hub.backup.copying import Tally, copy, mirror
from bearhug.hub.backup.records import FORMAT, BadBackup, Manifest
from bearhug.hub.backup.store import Upgrade
from bearhug.hub.git.service import Git
from bearhug.hub.repos.tables import repos

MANIFEST = "manifest.json"
DATABASE = "rows.db"
NOT_COPIED = frozenset(
    {"repos", "tmp", "trash", "pending", "running.lock", "bearhug.db", "bearhug.db-wal", "bearhug.db-shm"}
)

Say = Callable[[str], None]


class Backups:
    """Backups of one hub; `passing` are folders of its data that it makes again by itself."""

    def __init__(
        self, db: Database, git: Git, data: Path, version: str, *, passing: Collection[str] = frozenset()
    ) -> None:
        self._db = db
        self._git = git
        self._data = data
        self._version = version
        self._not_copied = NOT_COPIED.union(passing)

    def make(self, target: Path, say: Say) -> Manifest:
        """Copy everything into `target`; a folder that holds an older backup of this hub is brought up to date."""
        if target.resolve().is_relative_to(self._data):
            raise BadBackup("The backup must not lie inside the data folder.")
        if target.exists() and any(target.iterdir()) and not (target / MANIFEST).exists():
            raise BadBackup(f"{target} is neither empty nor a backup.")
        target.mkdir(parents=True, exist_ok=True)
        (target / MANIFEST).unlink(missing_ok=True)
        say("rows")
        store.snapshot(self._db, target / DATABASE)
        folders = _folders(target / DATABASE)
        tally = Tally()
        gone = self._copy_repositories(folders, target / "repos", tally, say)
        self._copy_contents(target, tally, say)
        manifest = Manifest(
            FORMAT,
            self._version,
            clock.iso(clock.now()) or "",
            _sha256(target / DATABASE),
            len(folders),
            tally.files,
            tally.bytes,
            tuple(gone),
        )
        os.sync()
        (target / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2))
        return manifest

    def _copy_repositories(self, folders: list[str], target: Path, tally: Tally, say: Say) -> list[str]:
        gone = []
        for number, folder in enumerate(folders, 1):
            if number % 100 == 0:
                say(f"repositories {number}/{len(folders)}")
            path = self._git.path(folder)
            try:
                with self._git.lock(folder), self._git.packing(folder):
                    mirror(path, target / folder[:2] / path.name, tally)
            except FileNotFoundError:
                gone.append(folder)
        _drop_others(target, set(folders))
        return gone

    def _copy_contents(self, target: Path, tally: Tally, say: Say) -> None:
        for entry in sorted(self._data.iterdir()):
            if entry.name in self._not_copied:
                continue
            say(entry.name)
            if entry.is_dir():
                mirror(entry, target / entry.name, tally)
            else:
                copy(entry, target / entry.name, tally)


def restore(source: Path, data: Path, database_url: str, upgrade: Upgrade, say: Say) -> Manifest:
    """Put a backup, be it of an older version, into an empty data folder and an empty database."""
    manifest = read_manifest(source)
    if data.exists() and any(data.iterdir()):
        raise BadBackup(f"{data} is not empty. Restore into a new folder.")
    if _sha256(source / DATABASE) != manifest.database_sha256:
        raise BadBackup("The rows of this backup are damaged (their checksum differs).")
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as folder:
        rows = _upgraded(source / DATABASE, Path(folder), upgrade)
        db = Database(database_url)
        if not store.is_empty(db):
            raise BadBackup("The database already holds a hub. Restore into an empty one.")
        _put_contents(source, data, say)
        say("rows")
        store.load(rows, db, upgrade)
    _forget(db, manifest.gone)
    _mark_unsettled(db, data)
    db.close()
    return manifest


def _upgraded(rows: Path, folder: Path, upgrade: Upgrade) -> Path:
    """A copy of the rows with the tables of this version; what is too new is refused before anything is copied."""
    copied = folder / DATABASE
    shutil.copyfile(rows, copied)
    db = Database(sqlite_url(copied))
    upgrade(db)
    db.close()
    return copied


def _put_contents(source: Path, data: Path, say: Say) -> None:
    tally = Tally()
    for entry in sorted(source.iterdir()):
        if entry.name in (MANIFEST, DATABASE):
            continue
        say(entry.name)
        if entry.is_dir():
            mirror(entry, data / entry.name, tally)
        else:
            copy(entry, data / entry.name, tally)


def read_manifest(source: Path) -> Manifest:
    """The manifest; BadBackup when there is none: a backup that was cut off has none either."""
    try:
        held = json.loads((source / MANIFEST).read_text())
        manifest = Manifest(**{**held, "gone": tuple(held["gone"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadBackup(f"{source} holds no complete backup.") from error
    if manifest.format != FORMAT:
        raise BadBackup(f"This backup has format {manifest.format}; this version of Bearhug reads {FORMAT}.")
    return manifest


def _folders(database: Path) -> list[str]:
    db = Database(sqlite_url(database))
    with db.reading() as tx:
        found = [row[0] for row in tx.execute(select(repos.c.folder).order_by(repos.c.id))]
    db.close()
    return found


def _drop_others(target: Path, wanted: set[str]) -> None:
    """An older backup may hold repositories that are deleted by now."""
    for path in target.glob("*/*.git"):
        if path.name.removesuffix(".git") not in wanted:
            shutil.rmtree(path)


def _forget(db: Database, gone: tuple[str, ...]) -> None:
    """Repositories that were deleted while the backup ran are deleted in it too."""
    with db.writing() as tx:
        for folder in gone:
            tx.execute(delete(repos).where(repos.c.folder == folder))


def _mark_unsettled(db: Database, data: Path) -> None:
    """The first start compares every repository's main with its row, as after a crash."""
    pending = data / "pending"
    pending.mkdir(exist_ok=True)
    with db.reading() as tx:
        for row in tx.execute(select(repos.c.folder)):
            (pending / row[0]).touch()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
