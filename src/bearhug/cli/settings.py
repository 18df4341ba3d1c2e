"""`bearhug settings …`"""

from dataclasses import asdict

import click

from bearhug.base.errors import BadRequest
from bearhug.cli.desk import Desk, with_desk, with_new_desk


@click.group()
def settings() -> None:
    """What you decide about this hub."""


@settings.command()
@click.argument("name", required=False)
@with_desk
def get(desk: Desk, name: str | None) -> None:
    """All settings, or one."""
    known = asdict(desk.app.settings.now())
    if name is not None and name not in known:
        raise BadRequest(f"There is no setting {name}. There are: {', '.join(known)}.")
    shown = {name: known[name]} if name else known
    desk.say(shown, *(f"{field} = {_written(value)}" for field, value in shown.items()))


@settings.command("set")
@click.argument("name")
@click.argument("value")
@with_new_desk
def change(desk: Desk, name: str, value: str) -> None:
    """Change a setting; a running hub follows within seconds."""
    known = asdict(desk.app.settings.change(name, value))
    desk.say({name: known[name]}, f"{name} = {_written(known[name])}")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
