"""`bearhug serve`: one model behind the OpenAI API, without a hub."""

import tempfile
from pathlib import Path
from typing import Any

import click

from bearhug.cli.desk import in_words
from bearhug.cli.server import listen
from bearhug.cli.server import serve as serve_edge
from bearhug.hub.access.records import ANONYMOUS
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
@click.option("--engine", type=click.Choice(["auto", "openvino", "transformers"]), default="auto", show_default=True)
@click.option("--precision", type=click.Choice(["int8", "fp32"]), default="int8", show_default=True)
@click.option("--max-model-len", "context", type=click.IntRange(16), help="Most tokens of a prompt and its answer.")
@click.option("--trust-remote-code", "code", is_flag=True, help="Let the repository's own code run.")
def serve(
    model: str, *, revision: str | None, name: str | None, host: str, port: int, api_key: str | None, **options: Any
) -> None:
    """Serve MODEL (a folder, or OWNER/NAME of the hub) with /v1/chat/completions and the rest of the OpenAI API."""
    with in_words():
        folder = folder_of(model, revision=revision, pickles=False, endpoint=None)
        listener = listen(host, port)
    shown = name or (folder.name if Path(model).is_dir() else model)
    with tempfile.TemporaryDirectory(prefix="bearhug-serve-") as home:
        limits = Limits(memory=machine.total_memory(), idle_seconds=NEVER_IDLE)
        workers = Workers(Path(home), limits)
        voice = alone.voice_of(shown, folder, Path("~/.cache/bearhug/served").expanduser() / shown, options, workers)
        life = lifetime(lambda: workers.warm(voice.plan(ANONYMOUS, shown)), workers.close)
        edge = alone.edge(voice, api_key, life)
        url = f"http://{host}:{listener.getsockname()[1]}/v1"
        serve_edge(edge, listener, "info", ready=lambda: click.echo(f"Serving {shown} at {url}"))
