"""`bearhug serve`: one model behind the OpenAI API, without a hub."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bearhug import config
from bearhug.base import whereabouts
from bearhug.cli.desk import in_words
from bearhug.cli.server import listen
from bearhug.cli.server import serve as serve_edge
from bearhug.hub.access.records import ANONYMOUS
from bearhug.inference.engine import plans
from bearhug.inference.environments.service import ENVIRONMENTS, Environments
from bearhug.inference.local.finding import folder_of
from bearhug.inference.openai import alone
from bearhug.inference.openai.stream import lifetime
from bearhug.inference.workers import machine
from bearhug.inference.workers.records import Limits
from bearhug.inference.workers.supervisor import Workers

NEVER_IDLE = 10 * 365 * 86_400.0


@click.command()
@click.argument("model")
@click.option("--revision", help="The model's revision, where MODEL is OWNER/NAME of the hub at HF_ENDPOINT.")
@click.option("--served-model-name", "name", help="What clients call it; else as MODEL is written.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--api-key", help="What clients must send as their key; anybody may ask without it.")
@click.option("--engine", type=click.Choice(list(plans.ENGINES)), default="auto", show_default=True)
@click.option("--precision", type=click.Choice(plans.PRECISIONS), default="int8", show_default=True)
@click.option("--max-model-len", "context", type=click.IntRange(16), help="Most tokens of a prompt and its answer.")
@click.option("--trust-remote-code", "code", is_flag=True, help="Let the repository's own code run.")
@click.option("--url", hidden=True, expose_value=False, callback=lambda _context, _option, url: _refuse(url))
@click.argument("flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS OF VLLM]")
def serve(  # noqa: PLR0913 - the options of the command
    model: str,
    flags: tuple[str, ...],
    *,
    revision: str | None,
    name: str | None,
    host: str,
    port: int,
    api_key: str | None,
    code: bool,
    **how: Any,
) -> None:
    """Serve MODEL (a folder, or OWNER/NAME of the hub) with /v1/chat/completions and the rest of the OpenAI API."""
    _refuse(how["engine"] == "remote")
    with in_words():
        options = plans.Options(flags=flags, **how)
        plans.check(options)
        environments = Environments(config.load().data / ENVIRONMENTS, config.engine_variables())
        folder = folder_of(model, revision=revision, pickles=False, endpoint=None)
        shown = name or (folder.name if Path(model).is_dir() else model)
        graphs = Path("~/.cache/bearhug/served").expanduser() / shown
        local = plans.Local(folder, graphs, sum(one.stat().st_size for one in folder.glob("*.safetensors")) // 2, code)
        plans.plan(options, environments, key=shown, label=shown, model=local)
        listener = listen(host, port)
    with tempfile.TemporaryDirectory(prefix="bearhug-serve-") as home:
        limits = Limits(memory=machine.total_memory(), idle_seconds=NEVER_IDLE)
        workers = Workers(Path(home), limits)
        voice = alone.OneVoice(shown, local, options, environments, workers, datetime.now(UTC))
        life = lifetime(lambda: workers.warm(voice.plan(ANONYMOUS, shown)), workers.close)
        edge = alone.edge(voice, api_key, life)
        url = whereabouts.near(whereabouts.address(host, listener.getsockname()[1])) + "/v1"
        serve_edge(edge, listener, "info", ready=lambda: click.echo(f"Serving {shown} at {url}"))


def _refuse(elsewhere: object) -> None:
    if elsewhere:
        raise click.UsageError(
            "A model of another server is served there already. Ask that server itself, or make a deployment with its "
            "address on a hub."
        )
