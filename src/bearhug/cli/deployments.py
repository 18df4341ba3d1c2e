"""`bearhug deployment …`: what is served. A hub that runs follows within seconds."""

import shlex
from typing import Any

import click

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.cli.desk import OPERATOR, Desk, confirm, with_desk
from bearhug.inference.deployments.records import Deployment, Task, Wish
from bearhug.inference.engine.plans import ENGINES, PRECISIONS, Options

NAME = click.argument("name", metavar="NAME")


@click.group()
def deployment() -> None:
    """Models that this hub serves by the OpenAI API."""


@deployment.command("list")
@with_desk
def list_deployments(desk: Desk) -> None:
    """All deployments, the newest first."""
    desk.table(_shown(one) for one in desk.app.deployments.listing(OPERATOR))


@deployment.command()
@click.argument("model", metavar="OWNER/NAME", default="")
@click.option("--name", default="", help="Else the model's own; :word for a second way, a plain word for all the hub.")
@click.option("--revision", default="main", show_default=True)
@click.option("--task", type=click.Choice(list(Task)), help="What it answers; else as the card says.")
@click.option("--engine", type=click.Choice(list(ENGINES)), default="auto", show_default=True)
@click.option("--precision", type=click.Choice(PRECISIONS), default="int8", show_default=True)
@click.option("--max-model-len", "context", type=click.IntRange(16), help="Most tokens of a prompt and its answer.")
@click.option("--cache-tokens", type=click.IntRange(16), help="Most tokens of all requests at a time.")
@click.option("--keep", is_flag=True, help="Load it when the hub starts, and keep it loaded.")
@click.option("--vllm-flags", "flags", default="", help="Flags passed on to vLLM, as one text.")
@click.option("--url", default="", help="Of another server, as far as /v1; its key is read from the terminal.")
@click.option("--remote-model", default="", help="What that server calls the model.")
@with_desk
def add(desk: Desk, /, model: str, name: str, revision: str, task: str | None, **how: Any) -> None:
    """Deploy a model, or another server that speaks the OpenAI API."""
    keep, flags = how.pop("keep"), _flags(how.pop("flags"))
    key = click.prompt("Key of that server", default="", hide_input=True, show_default=False) if how["url"] else ""
    options = Options(flags=flags, api_key=key, **how)
    wish = Wish(model, name, revision, Task(task) if task else None, options, keep)
    made = desk.app.deployments.create(OPERATOR, wish)
    desk.say(_shown(made), f"{made.title} is deployed. A hub that runs loads it within seconds.")


@deployment.command()
@NAME
@with_desk
def start(desk: Desk, name: str) -> None:
    """Have it loaded, and calls answered."""
    found = desk.app.deployments.start(OPERATOR, _found(desk, name).id)
    desk.say(_shown(found), f"{found.title} is wanted running. A hub that runs loads it within seconds.")


@deployment.command()
@NAME
@with_desk
def stop(desk: Desk, name: str) -> None:
    """Have it unloaded, and calls refused."""
    found = desk.app.deployments.stop(OPERATOR, _found(desk, name).id)
    desk.say(_shown(found), f"{found.title} is stopped. A hub that runs unloads it within seconds.")


@deployment.command()
@NAME
@with_desk
def logs(desk: Desk, name: str) -> None:
    """What its worker wrote, and why it could not be loaded if it could not."""
    found = _found(desk, name)
    text = desk.app.deployments.log(OPERATOR, found.id)
    trouble = (f"It could not be loaded: {found.trouble}",) if found.trouble else ()
    lines = (text.rstrip(), *trouble) if text else trouble or ("Its worker has written nothing yet.",)
    desk.say({"name": found.title, "log": text, "trouble": found.trouble or None}, *lines)


@deployment.command()
@NAME
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_desk
def remove(desk: Desk, name: str, *, yes: bool) -> None:
    """Forget a deployment; its model stays."""
    found = _found(desk, name)
    confirm(f"Forget the deployment {found.title}?", yes=yes)
    desk.app.deployments.remove(OPERATOR, found.id)
    desk.say({"name": found.title, "removed": True}, f"The deployment {found.title} is gone.")


def _found(desk: Desk, name: str) -> Deployment:
    found = desk.app.deployments.named(OPERATOR, name)[1]
    if found is None:
        raise BadRequest(f"Nobody deployed {name}.")
    return found


def _flags(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise BadRequest("A quotation mark in the flags has no end.") from error


def _shown(one: Deployment) -> dict[str, Any]:
    return {
        "name": one.title,
        "model": one.repo.full_name if one.repo else None,
        "task": one.task.value,
        "engine": one.options.engine,
        "wanted": one.wanted.value,
        "keep": one.keep,
        "trouble": one.trouble or None,
        "created": iso(one.created_at),
    }
