"""`bearhug run` and `bearhug explain`: tasks from the shell, on models of a hub or of a folder."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from bearhug import config
from bearhug.base.errors import BadRequest, HubError
from bearhug.cli.desk import in_words

MODEL = click.argument("model", metavar="OWNER/NAME|FOLDER")
HUB = click.option("--hub", help="Address of the hub (or HF_ENDPOINT; else this machine's).")
REVISION = click.option("--revision", help="Branch, tag or commit of the model.")
PICKLES = click.option("--allow-pickles", is_flag=True, help="Take weights that are not safetensors.")
NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+\Z")
CUTTING = "background-removal"
OF_MODELS = ("config.json", "*.safetensors", "*.onnx")


@click.command()
@click.argument("task")
@click.argument("words", nargs=-1, required=True, metavar="[MODEL] INPUT...")
@click.option("--model", "named", metavar="OWNER/NAME|FOLDER", help="The model, where it does not stand before INPUT.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of the task, as in top_k=3.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A .jsonl file, or a folder for pictures.")
@click.option("--resume", is_flag=True, help="Pass over what the output holds already.")
@HUB
@REVISION
@PICKLES
def run(  # noqa: PLR0913 - the options of the command
    task: str,
    words: tuple[str, ...],
    named: str | None,
    settings: tuple[str, ...],
    output: Path | None,
    hub: str | None,
    revision: str | None,
    *,
    resume: bool,
    allow_pickles: bool,
) -> None:
    """Do TASK with a model on every INPUT: texts, files, folders, .txt and .jsonl files, - for stdin.

    MODEL is OWNER/NAME of the hub or a folder; without one the hub's own choice for the task is taken.
    """
    with in_words():
        from bearhug.inference.local.ahead import Ahead
        from bearhug.inference.local.inputs import pieces

        model, inputs = (named, words) if named else _divided(words)
        ready = _pipeline(task, model, hub, revision, allow_pickles=allow_pickles)
        found = list(pieces(ready.task, inputs, sys.stdin))
        sink = _sink(ready.task, output, inputs, [one.name for one in found], resume=resume)
        waiting = [one for one in found if not sink.has(one.name)]
        ahead = Ahead(ready, waiting, dict(_setting(text) for text in settings))

        def do(piece: Any) -> None:
            sink.put(piece.name, ahead.output(piece))

        _each(waiting, do, goes_on=ready.task == CUTTING and len(found) > 1)


def _divided(words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The model, if the first of the words names one, and the inputs."""
    first, *others = words
    place = Path(first)
    if place.is_dir():
        is_model = any(any(place.glob(name)) for name in OF_MODELS)
    else:
        is_model = not place.exists() and bool(NAME.match(first) or (others and first.startswith(("/", "./", "../"))))
    if is_model and not others:
        raise BadRequest(f"Say after {first} what the model is to be asked.")
    return (first, others) if is_model else (None, words)


def _each(waiting: list[Any], do: Callable[[Any], None], *, goes_on: bool) -> None:
    """One after another. One bad picture of many is told and passed over; the command fails at its end."""
    bad = 0
    for piece in _with_progress(waiting):
        try:
            do(piece)
        except HubError as error:
            if not goes_on:
                raise
            bad += 1
            click.echo(f"{piece.name}: {error.message}", err=True)
    if bad:
        raise BadRequest(f"{bad} of {len(waiting)} pictures could not be done.")


@click.command()
@click.argument("task")
@MODEL
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@HUB
@REVISION
@PICKLES
def explain(
    task: str, model: str, text: str, hub: str | None, revision: str | None, *, as_json: bool, allow_pickles: bool
) -> None:
    """Show what happens between a TEXT and the answer: tokens and ids, tensors, logits, scores."""
    with in_words():
        ready = _pipeline(task, model, hub, revision, allow_pickles=allow_pickles)
        steps = ready.explain(json.loads(text) if text.startswith("{") else text)
    if as_json:
        click.echo(json.dumps(steps, ensure_ascii=False))
        return
    for line in _told(steps):
        click.echo(line)


def _pipeline(task: str, model: str | None, hub: str | None, revision: str | None, *, allow_pickles: bool) -> Any:
    from bearhug.inference.local.pipeline import pipeline

    endpoint = hub or config.hub_address()
    return pipeline(task, model, revision=revision, allow_pickles=allow_pickles, endpoint=endpoint)


def _sink(task: str, output: Path | None, inputs: Sequence[str], names: list[str], *, resume: bool) -> Any:
    from bearhug.inference.local.outputs import Folder, Lines, root_of

    if task == CUTTING:
        return Folder(output, names, root=root_of(inputs), resume=resume)
    return Lines(output, resume=resume)


def _setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadRequest(f"Write a parameter as NAME=VALUE, not {text}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _with_progress(waiting: list[Any]) -> Iterator[Any]:
    """A bar on the terminal, if there is one and more than one input."""
    if len(waiting) < 2 or not sys.stderr.isatty():
        yield from waiting
        return
    with click.progressbar(waiting, file=sys.stderr) as bar:
        yield from bar


def _told(steps: dict[str, Any]) -> Iterator[str]:
    if steps.get("tokens"):
        yield "1. tokens and ids"
        for piece in steps["tokens"]:
            more = "  ".join(f"{name} {value}" for name, value in piece.items() if name not in ("token", "id"))
            yield f"   {piece['id']:>8}  {piece['token']}  {more}".rstrip()
    yield "2. tensors"
    for name, shape in steps["shapes"].items():
        yield f"   {name:<20} {shape}"
    if steps.get("labels"):
        yield f"3. scores, by {steps['function']}"
        for one in steps["labels"]:
            logit = f"{one['logit']:>10.4f}  " if "logit" in one else ""
            yield f"   {logit}{one['score']:>8.4f}  {one['label']}"
    if steps.get("written"):
        yield "3. what the decoder wrote"
        yield "   " + " ".join(str(piece["token"]) for piece in steps["written"])
