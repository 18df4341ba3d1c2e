"""`bearhug engine`: engines that live in environments of their own."""

from typing import Any

import click

from bearhug.cli.desk import Desk, confirm, with_desk, with_new_desk
from bearhug.inference.environments.records import Installed


@click.group()
def engine() -> None:
    """Engines that live in environments of their own, below the data folder."""


@engine.command(name="list")
@with_desk
def list_engines(desk: Desk) -> None:
    """What can be installed, and what is."""
    environments = desk.app.environments
    found = environments.installed()
    names = {one.name for one in found}
    wanting = [recipe for recipe in environments.recipes.values() if recipe.name not in names]
    rows = [_shown(one) for one in found]
    rows += [{"name": one.name, "version": one.version, "size": None, "folder": None} for one in wanting]
    desk.table(rows)


@engine.command()
@click.argument("name")
@click.argument("flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS OF PIP]")
@with_new_desk
def install(desk: Desk, name: str, flags: tuple[str, ...]) -> None:
    """Make the environment of an engine. Mirrors are pip's own settings, or its flags behind --."""
    made = desk.app.environments.install(name, lambda line: click.echo(line, err=True), flags)
    desk.say(_shown(made), f"{made.name} {made.version} is installed in {made.folder}.")


@engine.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_desk
def remove(desk: Desk, name: str, *, yes: bool) -> None:
    """Remove the environment of an engine."""
    confirm(f"Remove the environment {name}?", yes=yes)
    gone = desk.app.environments.remove(name)
    desk.say({"removed": [_shown(one) for one in gone]}, *(f"{one.name} {one.version} is removed." for one in gone))


def _shown(found: Installed) -> dict[str, Any]:
    return {"name": found.name, "version": found.version, "size": found.size, "folder": str(found.folder)}
