"""Statements put together from conditions, compiled once for each set of them.

A question has many shapes, but the same few are asked again and again: building a statement of the same shape anew
costs several times what the database does for it.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, String, any_, bindparam, func, select

from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared

MOST_SHAPES = 500
Conditions = Sequence[ColumnElement[bool]]
Build = Callable[[Conditions], Select[Any]]


@dataclass(frozen=True)
class Clause:
    """A condition. Clauses of one `sign` make the same SQL; what differs between them is in `values`, by bindparam."""

    sign: Hashable
    make: Callable[[], ColumnElement[bool]]
    values: Mapping[str, Any] = field(default_factory=dict)


class Composed:
    """Statements of one family; `sign` and the signs of its clauses tell each from the others."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Prepared] = {}
        self._lock = Lock()

    def all(
        self, tx: Tx, clauses: Sequence[Clause], build: Build, *, sign: Hashable = None, **values: Any
    ) -> list[Any]:
        """Every row of the statement that `build` makes of the conditions, in their order."""
        prepared = self._prepared(tx, clauses, build, sign)
        return prepared.all(tx, **_bound(clauses, values))

    def column(
        self, tx: Tx, clauses: Sequence[Clause], build: Build, *, sign: Hashable = None, **values: Any
    ) -> list[Any]:
        """The numbers in the first column of every row."""
        prepared = self._prepared(tx, clauses, build, sign)
        return prepared.column(tx, **_bound(clauses, values))

    def _prepared(self, tx: Tx, clauses: Sequence[Clause], build: Build, sign: Hashable) -> Prepared:
        key = (tx.dialect.name, sign, *(clause.sign for clause in clauses))
        return self._known.get(key) or self._keep(key, Prepared(build([clause.make() for clause in clauses])))

    def _keep(self, key: Hashable, prepared: Prepared) -> Prepared:
        with self._lock:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            self._known[key] = prepared
        return prepared


def _bound(clauses: Sequence[Clause], values: dict[str, Any]) -> dict[str, Any]:
    for clause in clauses:
        values.update(clause.values)
    return values


def one_of(tx: Tx, column: ColumnElement[int], numbers: Iterable[int], name: str = "numbers") -> Clause:
    """`column IN numbers`: one parameter, and one statement however many there are."""
    listed, sign = list(numbers), ("one of", column.key, name)
    if tx.dialect.name == "sqlite":
        return Clause(sign, lambda: column.in_(_listed(name)), {name: json.dumps(listed)})
    return Clause(sign, lambda: column == any_(bindparam(name, type_=ARRAY(Integer))), {name: listed})


def _listed(name: str) -> Select[Any]:
    return select(func.json_each(bindparam(name, type_=String)).table_valued("value").c.value)
