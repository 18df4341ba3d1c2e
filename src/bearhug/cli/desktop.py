"""`bearhug desktop`: the right click that removes a background."""

import sys
from pathlib import Path

import click

from bearhug import config
from bearhug.base.errors import BadRequest
from bearhug.cli.desk import in_words
from bearhug.inference.desktop.records import Errand
from bearhug.inference.desktop.service import OWN, PLATFORMS
from bearhug.inference.desktop.service import install as put
from bearhug.inference.desktop.service import remove as take

PLATFORM = click.option("--platform", type=click.Choice(list(PLATFORMS)), default=OWN, show_default=True)
INTO = click.option("--into", type=click.Path(path_type=Path), help="Take this folder for the home folder.")


@click.group()
def desktop() -> None:
    """An entry of the file manager that removes the background of pictures."""


@desktop.command()
@click.option("--model", metavar="OWNER/NAME|FOLDER", help="The model; else the hub's own choice each time.")
@click.option("--hub", help="Address of the hub (or HF_ENDPOINT; else this machine's).")
@PLATFORM
@INTO
def install(model: str | None, hub: str | None, platform: str, into: Path | None) -> None:
    """Write the entry: "Open with" and scripts on Linux, "Send to" on Windows, a Quick Action on macOS."""
    with in_words():
        named = str(Path(model).resolve()) if model and Path(model).is_dir() else model
        errand = Errand(_program(), (hub or config.hub_address()).rstrip("/"), named)
        for place in put(errand, _home(platform, into), platform):
            click.echo(place)


@desktop.command()
@PLATFORM
@INTO
def remove(platform: str, into: Path | None) -> None:
    """Take the entry away."""
    with in_words():
        for place in take(_home(platform, into), platform):
            click.echo(place)


def _home(platform: str, into: Path | None) -> Path:
    if into is None and platform != OWN:
        raise BadRequest(f"Say with --into where the files for {platform} are to go: this machine is another one.")
    return into.resolve() if into else Path.home()


def _program() -> tuple[str, ...]:
    """The command as it runs now, by its whole path: file managers know nothing of environments."""
    beside = Path(sys.executable).with_name("bearhug.exe" if OWN == "windows" else "bearhug")
    return (str(beside),) if beside.is_file() else (sys.executable, "-c", "from bearhug.cli import main; main()")
