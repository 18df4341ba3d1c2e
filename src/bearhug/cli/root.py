"""`bearhug` itself: the table of commands."""

import gc
import importlib
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click

COMMANDS = {
    "up": ("Start the hub", "bearhug.cli.up:up"),
    "doctor": ("Check the place where the hub lives", "bearhug.cli.upkeep:doctor"),
    "settings": ("What you decide about this hub", "bearhug.cli.settings:settings"),
    "user": ("People who have an account", "bearhug.cli.users:user"),
    "token": ("Access tokens", "bearhug.cli.tokens:token"),
    "org": ("Organizations and their members", "bearhug.cli.orgs:org"),
    "repo": ("Models, datasets and Spaces", "bearhug.cli.repos:repo"),
    "storage": ("What large files take up, share and save", "bearhug.cli.storage:storage"),
    "fsck": ("Check that rows, repositories and files agree", "bearhug.cli.upkeep:fsck"),
    "gc": ("Give back the room of what nobody needs", "bearhug.cli.gc:gc"),
    "backup": ("Copy the hub while it runs", "bearhug.cli.upkeep:backup"),
    "restore": ("Put a backup into an empty folder", "bearhug.cli.upkeep:restore"),
    "run": ("Do a task with a model on texts, files or folders", "bearhug.cli.run:run"),
    "explain": ("Show what happens between a text and the answer", "bearhug.cli.run:explain"),
    "serve": ("Serve one model behind the OpenAI API, without a hub", "bearhug.cli.serve:serve"),
    "deployment": ("What this hub serves by the OpenAI API", "bearhug.cli.deployments:deployment"),
    "batch": ("Answer a file of requests to language models", "bearhug.cli.batch:batch"),
    "engine": ("Engines in environments of their own", "bearhug.cli.engines:engine"),
    "usage": ("Who asked models how much", "bearhug.cli.usage:usage"),
    "desktop": ("A right click that removes backgrounds", "bearhug.cli.desktop:desktop"),
    "routes": ("Every endpoint and the function behind it", "bearhug.cli.routes:routes"),
}
"""Name -> (what it is about, where it is): a file is only imported when its command runs."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][1].partition(":")
        with _without_collecting():
            command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; whoever asked for JSON is told in JSON, on the error stream, what went wrong."""
        words = list(sys.argv[1:] if args is None else args)
        if not standalone_mode or "--json" not in itertools.takewhile(lambda word: word != "--", words):
            return super().main(words, prog_name, complete_var, standalone_mode=standalone_mode, **extra)
        try:
            status = super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            _tell(error.format_message(), error.exit_code)
        except click.Abort:
            _tell("Aborted.", 1)
        sys.exit(status if isinstance(status, int) else 0)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, label) for name, (label, _) in COMMANDS.items()])


def _tell(message: str, status: int) -> NoReturn:
    click.echo(json.dumps({"error": message}, ensure_ascii=False), err=True)
    sys.exit(status)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is imported stays until the end: nobody looks for garbage in it, neither now nor at every request."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bearhug", message="bearhug %(version)s")
def main() -> None:
    """Your own Hugging Face in one process."""
