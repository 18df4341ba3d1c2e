"""Statements of every request: compiled once, run on the driver's own cursor.

SQLAlchemy builds, looks up, binds and wraps a statement each time anew; for a lookup by key that is ten times the
work of the database. Here that happens once a dialect. What comes back are the same Python values.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from bearhug.base.db import Tx

Convert = Callable[[Any], Any]
watchers: list[Callable[[str], None]] = []
"""Who is told each statement that runs here; SQLAlchemy's own events see the others."""


@dataclass
class _Compiled:
    """A statement for one dialect: its text, what is bound to it, and how its rows are read.

    PostgreSQL tells only with a result how its numbers come, so that the readers are found with the first one.
    """

    sql: str
    names: Sequence[str] | None
    constants: Mapping[str, Any]
    binders: Mapping[str, Convert]
    columns: Sequence[ColumnElement[Any]]
    row: Callable[[Sequence[Any]], Any]
    readers: Sequence[tuple[int, Convert]] | None = None


class Prepared:
    """A reading statement with `bindparam`s. Rows have the names of its columns as attributes."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._known: dict[str, _Compiled] = {}

    def first(self, tx: Tx, **values: Any) -> Any:
        """The first row, or None."""
        compiled = self._compiled(tx.dialect)
        row = self._run(tx, compiled, values).fetchone()
        return None if row is None else _read(compiled, row)

    def all(self, tx: Tx, **values: Any) -> list[Any]:
        """Every row."""
        compiled = self._compiled(tx.dialect)
        rows = self._run(tx, compiled, values).fetchall()
        return [_read(compiled, row) for row in rows] if compiled.readers else list(map(compiled.row, rows))

    def column(self, tx: Tx, **values: Any) -> list[Any]:
        """The first column of every row, where its values need no reading, such as numbers."""
        return [row[0] for row in self._run(tx, self._compiled(tx.dialect), values).fetchall()]

    def _run(self, tx: Tx, compiled: _Compiled, values: dict[str, Any]) -> Any:
        driver: Any = tx.connection.driver_connection
        for name, bind in compiled.binders.items():
            values[name] = bind(values[name])
        bound: Any = {**compiled.constants, **values}
        if compiled.names is not None:
            bound = [bound[name] for name in compiled.names]
        for watch in watchers:
            watch(compiled.sql)
        try:
            cursor = driver.execute(compiled.sql, bound)
        except tx.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(compiled.sql, bound, error, tx.dialect.loaded_dbapi.Error) from error
        if compiled.readers is None:
            compiled.readers = _readers(compiled.columns, tx.dialect, cursor.description)
        return cursor

    def _compiled(self, dialect: Dialect) -> _Compiled:
        known = self._known.get(dialect.name)
        if known is None:
            known = self._known[dialect.name] = _compile(self._statement, dialect)
        return known


def _compile(statement: Select[Any], dialect: Dialect) -> _Compiled:
    made: Any = statement.compile(dialect=dialect)
    wanted = {name for name, bind in made.binds.items() if bind.required}
    state = made.construct_expanded_state(dict.fromkeys(wanted))
    types = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
    found = {name: kind.bind_processor(dialect) for name, kind in types.items()} | dict(state.processors)
    binders = {name: bind for name, bind in found.items() if bind}
    constants = {name: value for name, value in state.parameters.items() if name not in wanted}
    columns = list(statement.selected_columns)
    row: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True)  # type: ignore[misc]
    return _Compiled(
        sql=state.statement,
        names=tuple(state.positiontup) if made.positional else None,
        constants={name: binders[name](value) if name in binders else value for name, value in constants.items()},
        binders={name: binder for name, binder in binders.items() if name in wanted},
        columns=columns,
        row=row._make,
    )


def _readers(
    columns: Sequence[ColumnElement[Any]], dialect: Dialect, description: Sequence[Sequence[Any]]
) -> list[tuple[int, Convert]]:
    readers = [
        column.type.dialect_impl(dialect).result_processor(dialect, described[1])
        for column, described in zip(columns, description, strict=True)
    ]
    return [(at, reader) for at, reader in enumerate(readers) if reader]


def _read(compiled: _Compiled, row: Sequence[Any]) -> Any:
    values = list(row)
    for at, reader in compiled.readers or ():
        values[at] = reader(values[at])
    return compiled.row(values)
