"""`bearhug routes`: every endpoint and the function behind it."""

import inspect
import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import click

from bearhug.app import build
from bearhug.base.db import sqlite_url
from bearhug.base.http.rows import Row
from bearhug.config import Config

ROOT = Path(__file__).parent.parent


@click.command()
@click.option("--markdown", is_flag=True, help="As docs/api.md.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def routes(*, markdown: bool, as_json: bool) -> None:
    """METHOD PATH -> file:function, for every endpoint."""
    rows = _rows()
    if as_json:
        click.echo(json.dumps([{"method": row.method, "path": row.path, "function": _place(row)} for row in rows]))
    elif markdown:
        click.echo("\n".join(_document(rows)))
    else:
        width = max(len(row.path) for row in rows)
        for row in rows:
            click.echo(f"{row.method:<7} {row.path:<{width}}  {_place(row)}")


def _rows() -> list[Row]:
    """The rows of a hub that is put together for this and never started."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Config(Path(folder), sqlite_url(Path(folder) / "hub.db")))
        rows = app.edge.router.rows
        app.close()
    return sorted(rows, key=lambda row: (row.path, row.method))


def _place(row: Row) -> str:
    function = inspect.unwrap(row.function)
    file = Path(inspect.getsourcefile(function) or "").resolve().relative_to(ROOT)
    return f"{file}:{function.__name__}"


def _room(row: Row) -> str:
    return _place(row).rpartition("/")[0].removeprefix("hub/") or "the hub itself"


def _document(rows: Iterable[Row]) -> Iterator[str]:
    yield "# Endpoints"
    yield ""
    yield "Made from the endpoint rows by `make docs`. `{types}` is models, datasets or spaces; `{kind}` is datasets,"
    yield "spaces or nothing; `{name*}` takes the rest of the path. Errors come as JSON `error` and in the header"
    yield "`X-Error-Message`, with a code in `X-Error-Code` where clients tell them apart by it."
    for room, group in groupby(sorted(rows, key=_room), key=_room):
        yield from ("", f"## {room}")
        for row in group:
            yield from _entry(row)


def _entry(row: Row) -> Iterator[str]:
    refuses = ", ".join(f"{error.status} {error.code or error.__name__}" for error in row.refuses)
    body = "" if row.body == "none" else f"Takes {row.body}. "
    yield from (
        "",
        f"### {row.method} {row.path}",
        "",
        f"{row.summary}. For {row.audience}. {body}Gives {row.returns}.",
    )
    if refuses:
        yield f"Refuses with {refuses}."
