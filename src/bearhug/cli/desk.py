"""What every command shares: --data, --json, an open hub, errors in words, answers as lines or JSON."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bearhug import config
from bearhug.base import whereabouts
from bearhug.base.db import sqlite_url
from bearhug.base.errors import HubError
from bearhug.cli.claim import keep_from_others, running
from bearhug.hub.access.records import Actor

if TYPE_CHECKING:
    from bearhug.app import App

P = ParamSpec("P")

OPERATOR = Actor(user_id=0, name="operator", is_admin=True)
"""Whoever can run commands on the data folder may do everything."""


class Desk:
    """The hub as a command sees it, and where its answer goes."""

    def __init__(self, data: Path | None, *, as_json: bool, may_begin: bool = False) -> None:
        self.config = config.load(data)
        self.begins = self.config.database_url == sqlite_url(self.config.database) and not self.config.database.exists()
        self._may_begin = may_begin
        self._as_json = as_json
        self._open = ExitStack()

    @functools.cached_property
    def app(self) -> "App":
        """The hub on this data folder, its database ready; not listening."""
        if self.begins and not self._may_begin:
            advice = (
                "`bearhug up` begins one there; if yours is elsewhere, name its folder with --data or BEARHUG_DATA."
            )
            raise click.ClickException(f"There is no hub in {self.config.data}. {advice}")
        from bearhug.app import build
        from bearhug.migrations.upgrade import upgrade

        app = build(self.config)
        self._open.callback(app.db.close)
        upgrade(app.db)
        return app

    @functools.cached_property
    def address(self) -> str:
        """Where people reach the hub: as they were told, else where it answers now, else where it would."""
        told = self.config.public_url or self.app.settings.now().public_url
        here = running(self.config.data) or whereabouts.address(self.config.host, self.config.port)
        return told or whereabouts.near(here)

    def close(self) -> None:
        self._open.close()

    def say(self, record: Mapping[str, Any], *lines: str) -> None:
        """One thing: its JSON, or these lines for people."""
        if self._as_json:
            click.echo(json.dumps(record, ensure_ascii=False, default=str))
        else:
            for line in lines:
                click.echo(line)

    def table(self, records: Iterable[Mapping[str, Any]], *, said: Callable[[object], str] | None = None) -> None:
        """Several things: a JSON array, or aligned columns for people, each value as `said` by a function."""
        rows = [dict(record) for record in records]
        if self._as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, default=str))
            return
        if not rows:
            click.echo("(none)", err=True)
            return
        texts = [[(said or plain)(value) for value in row.values()] for row in rows]
        heads = [name.upper() for name in rows[0]]
        widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]
        for text in [heads, *texts]:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(text, widths, strict=True)).rstrip())


def plain(value: object) -> str:
    """One value for people."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def with_desk(command: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """Give a command --data and --json and the `Desk` they make; errors become one line and exit status 1."""
    return _with_desk(command, may_begin=False)


def with_new_desk(command: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """The same for what may be done before the hub was ever started: an empty folder becomes one."""
    return _with_desk(command, may_begin=True)


def _with_desk(command: Callable[Concatenate[Desk, P], None], *, may_begin: bool) -> Callable[..., None]:
    @click.option("--data", type=click.Path(path_type=Path), help="Data folder (or BEARHUG_DATA; else ./data).")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    @functools.wraps(command)
    def run(*arguments: Any, data: Path | None, as_json: bool, **options: Any) -> None:
        keep_from_others()
        with in_words(), closing(Desk(data, as_json=as_json, may_begin=may_begin)) as desk:
            command(desk, *arguments, **options)

    return run


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong becomes one line for people and exit status 1."""
    from bearhug.migrations.upgrade import NewerDatabase

    try:
        yield
    except HubError as error:
        raise click.ClickException(error.message) from error
    except NewerDatabase as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        advice = "If its file is damaged, put a backup back with `bearhug restore`."
        raise click.ClickException(f"The database does not work: {error.orig}. {advice}") from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database does not work: {error}") from error
    except OSError as error:
        what = f": {error.filename}" if error.filename else ""
        raise click.ClickException(f"{error.strerror or error}{what}") from error


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something goes for good, where there is somebody to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("Say --yes: there is nobody here to ask.")
    click.confirm(question, abort=True)
