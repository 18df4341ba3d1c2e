"""Snapshots of the database: a single SQLite file, whatever the hub's own database is."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, literal, select, text

from bearhug.base.db import Database, metadata, sqlite_url
from bearhug.hub.search.service import Search

BATCH = 500
Upgrade = Callable[[Database], None]
"""Gives a database, whether empty or of an older version, the tables of this version."""


def snapshot(db: Database, target: Path) -> None:
    """Write a consistent copy of every row to a new SQLite file."""
    target.unlink(missing_ok=True)
    if db.is_sqlite:
        connection = sqlite3.connect(db.url.database or "", timeout=60, isolation_level=None)
        connection.execute("VACUUM INTO ?", (str(target),))
        connection.close()
    else:
        copy = Database(sqlite_url(target))
        with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
            metadata.create_all(copy.engine)
            _carry(source, copy)
            _carry_version(source, copy)
        copy.close()


def load(source: Path, db: Database, upgrade: Upgrade) -> None:
    """Fill an empty database from a snapshot that has the tables of this version."""
    if db.is_sqlite:
        target = sqlite3.connect(db.url.database or "")
        with sqlite3.connect(source) as snapshot_file:
            snapshot_file.backup(target)
        snapshot_file.close()
        target.close()
        return
    upgrade(db)
    held = Database(sqlite_url(source))
    with held.reading() as rows:
        _carry(rows, db)
    held.close()
    _continue_numbers(db)


def is_empty(db: Database) -> bool:
    """Whether the database has no tables of ours yet."""
    with db.reading() as tx:
        return not db.engine.dialect.has_table(tx, "owners")


def _carry(source: Connection, target: Database) -> None:
    with target.writing() as tx:
        for table in metadata.sorted_tables:
            for batch in _batches(source, table):
                tx.execute(insert(table), batch)
        Search().carry(source, tx)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = source.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for part in rows.partitions():
        yield [dict(row) for row in part]


def _carry_version(source: Connection, target: Database) -> None:
    version = source.execute(text("SELECT version_num FROM alembic_version")).scalar()
    with target.writing() as tx:
        tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        tx.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


def _continue_numbers(db: Database) -> None:
    """PostgreSQL counts on from the highest id that was loaded."""
    with db.writing() as tx:
        for table in metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                name = {"table": table.name, "column": column.name}
                sequence = tx.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), name).scalar()
                if sequence:
                    following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                    tx.execute(select(func.setval(sequence, following, literal(value=False))))
