"""`bearhug up`: start the hub, say where it is, stop it cleanly."""

import errno
import functools
import json
import os
import secrets
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path

import click

from bearhug import config
from bearhug.app import App, build
from bearhug.base import whereabouts
from bearhug.base.http.patience import Patience
from bearhug.cli.claim import claimed, keep_from_others
from bearhug.cli.desk import in_words
from bearhug.cli.server import Callers, listen, serve
from bearhug.migrations.upgrade import upgrade

FIRST_ADMIN = "admin"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder (or BEARHUG_DATA; else ./data).")
@click.option("--host", help="Address to listen on (or BEARHUG_HOST; else 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (or BEARHUG_PORT; else 7860).")
@click.option("--make-admin", is_flag=True, help="On an empty hub: make the account admin and print its password.")
@click.option("--json", "as_json", is_flag=True, help="Say where it is in JSON.")
def up(data: Path | None, host: str | None, port: int | None, *, make_admin: bool, as_json: bool) -> None:
    """Start the hub; Ctrl-C stops it."""
    if shutil.which("git") is None:
        raise click.ClickException("Bearhug needs the program git, and there is none on the PATH. Please install it.")
    keep_from_others()
    with ExitStack() as held:
        with in_words():
            settings = config.load(data, host=host, port=port)
            listener = _listener(settings)
            tell = held.enter_context(claimed(settings.data))
            app = build(settings)
            upgrade(app.db)
            password = make_first_admin(app) if make_admin else None
            code = app.first_run.open() if app.first_run.is_needed() else None
        here = whereabouts.address(settings.host, listener.getsockname()[1])
        tell(here)
        ready = functools.partial(_announce, app, here, password, code, as_json=as_json)
        callers = Callers(settings.proxies, Patience(sending=settings.patience))
        serve(app.edge, listener, settings.log_level, callers=callers, ready=ready)
    click.echo("Bearhug has stopped.", err=True)


def _listener(settings: config.Config) -> socket.socket:
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            advice = "another program listens there; use another with --port"
        else:
            advice = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise click.ClickException(f"Cannot listen on {where}: {advice}.") from error


def make_first_admin(app: App) -> str | None:
    """On a hub without people: make the administrator and give the password, which is shown this once."""
    if not app.accounts.is_empty():
        return None
    password = secrets.token_urlsafe(12)
    app.accounts.create(FIRST_ADMIN, password, admin=True)
    return password


def _announce(app: App, here: str, password: str | None, code: str | None, *, as_json: bool) -> None:
    near, far = whereabouts.near(here), whereabouts.far(here)
    url = app.config.public_url or app.settings.now().public_url or near
    setup = f"{url}/setup?code={code}" if code else None
    first = {"name": FIRST_ADMIN, "password": password} if password else None
    if as_json:
        said = {
            "url": url,
            "listening": here,
            "elsewhere": far,
            "data": str(app.config.data),
            "first_admin": first,
            "setup": setup,
        }
        click.echo(json.dumps(said))
        return
    click.echo(f"Bearhug is ready at {near}  (data in {app.config.data})")
    if far and url == near:
        click.echo(f"From other machines, if nothing shuts the way: {'  or  '.join(far)}")
    if url != near:
        click.echo(f"People and programs reach it at {url}, as its public address says.")
    if setup:
        click.echo(f"Set it up at {setup}")
        click.echo("The address works once and only until the hub stops; then another is printed here.")
    if password:
        click.echo(f"Sign in at {url}/login as {FIRST_ADMIN} with the password {password}")
        click.echo(f"It is shown this once; `bearhug user passwd {FIRST_ADMIN}` makes another.")
    click.echo(f"Clients find it with HF_ENDPOINT={url}")
