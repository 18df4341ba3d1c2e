"""The database: one engine, one transaction a request, SQLite or PostgreSQL."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, MetaData, Table, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from bearhug.base.again import UNDONE, Overtaken, keeps
from bearhug.base.brief import takes_long
from bearhug.base.errors import BadRequest, StorageFull

Tx = Connection

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MOST_KEPT = 40
PATIENCE = 2.0
"""Seconds that transactions have left when the database is closed."""
REFUSED = (DataError, OverflowError)
"""What is raised for NUL in a text and for a number beyond 64 bits: nothing of ours is like that."""
NO_VALUE = "A value is too large, too long or no text."
Duplicate = IntegrityError
"""What a store catches where a unique index decides a race."""


class Database:
    """Opens transactions. `reading()` never blocks writers; `writing()` commits or rolls back as a whole."""

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(url, echo, self.is_sqlite)
        self._kept: list[_Reader] = []
        self._writers = self.engine.execution_options(bearhug_write=True)
        self._one_writer: AbstractContextManager[Any] = threading.RLock() if self.is_sqlite else nullcontext()

    def reading(self) -> AbstractContextManager[Tx]:
        """A consistent view; whatever is written in it is dropped."""
        try:
            return self._kept.pop()
        except IndexError:
            return _Reader(self.engine.connect(), self._keep if self.is_sqlite else None)

    def _keep(self, reader: "_Reader") -> None:
        """A file stays, so that connections to it may wait here; a server may go, and the pool asks it first."""
        if len(self._kept) < MOST_KEPT:
            self._kept.append(reader)
        else:
            reader.tx.close()

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        """All or nothing; callbacks given to `after_commit` run once the rows are durable."""
        takes_long()
        callbacks: list[Any] = []
        try:
            with self._one_writer, self._writers.connect() as tx, tx.begin():
                tx.info["after_commit"] = callbacks
                yield tx
        except REFUSED as error:
            raise BadRequest(NO_VALUE) from error
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in UNDONE:
                raise Overtaken from error
            if "disk is full" in str(error):
                raise StorageFull from error
            raise
        keeps()
        for callback in callbacks:
            callback()

    def close(self) -> None:
        """Wait a little for transactions that other threads still have open: a server would keep theirs."""
        until = time.monotonic() + PATIENCE
        while self._drop_kept() and time.monotonic() < until:
            time.sleep(0.01)
        self.engine.dispose()

    def _drop_kept(self) -> bool:
        """Let go of connections that wait here; whether others are in use."""
        while self._kept:
            self._kept.pop().tx.close()
        pool = self.engine.pool
        return isinstance(pool, QueuePool) and pool.checkedout() > 0


class _Reader:
    """A connection that reads, and one transaction after the other on it.

    On SQLite it is begun and ended on the driver's own connection: what SQLAlchemy does around that costs a request
    more than its statements. SQLAlchemy still begins for itself when it is asked for a statement, and then ends it.
    """

    def __init__(self, tx: Connection, keep: "Callable[[_Reader], None] | None") -> None:
        self.tx = tx
        self._keep = keep
        self._driver: Any = tx.connection.driver_connection

    def __enter__(self) -> Tx:
        if self._keep is not None:
            self._driver.execute("BEGIN")
        return self.tx

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._keep is None:
            self.tx.close()
        else:
            if self.tx.in_transaction():
                self.tx.rollback()
            else:
                self._driver.rollback()
            self._keep(self)
        if isinstance(error, REFUSED):
            raise BadRequest(NO_VALUE) from error


def insert_or(tx: Tx, table: Table) -> Any:
    """An INSERT that can say what to do on a conflict, in the words of this database."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table)


def among(tx: Tx, column: ColumnElement[int], numbers: Iterable[int]) -> ColumnElement[bool]:
    """`column IN numbers`; on SQLite as one parameter, so that the statement is the same however many there are."""
    if tx.dialect.name != "sqlite":
        return column.in_(list(numbers))
    listed = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return column.in_(select(listed.c.value))


def after_commit(tx: Tx, callback: Any) -> None:
    """Run `callback()` when the transaction has been committed; not at all if it is rolled back."""
    callbacks = tx.info.get("after_commit")
    if callbacks is not None and callback not in callbacks:
        callbacks.append(callback)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _engine(url: str, echo: bool, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        return create_engine(url, echo=echo, pool_size=16, max_overflow=32, pool_pre_ping=True)
    engine = create_engine(url, echo=echo, pool_size=40, max_overflow=40, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "temp_store=MEMORY",
        "cache_size=-8000",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("bearhug_write"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        raw: Any = connection.connection.driver_connection
        if not raw.in_transaction:  # a reader has begun
            raw.execute("BEGIN")
