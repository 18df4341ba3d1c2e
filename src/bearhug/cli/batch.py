"""`bearhug batch`: a file of requests, answered without a server."""

import sys
from pathlib import Path
from typing import Any

import click

from bearhug.cli.desk import in_words
from bearhug.inference.offline import batch as batches
from bearhug.inference.offline.speaker import Speaker


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where answers go; else beside.")
@click.option("--model", help="Answers all lines, whatever model they name.")
@click.option("--engine", type=click.Choice(["auto", "openvino", "transformers"]), default="auto", show_default=True)
@click.option("--precision", type=click.Choice(["int8", "fp32"]), default="int8", show_default=True)
@click.option("--max-model-len", "context", type=click.IntRange(16), help="Most tokens of a prompt and its answer.")
def batch(source: Path, *, output: Path | None, model: str | None, **options: Any) -> None:
    """Answer SOURCE, JSON lines of {custom_id, url, body} as OpenAI's batches have them.

    Run it again after it was broken off: what is answered already stays.
    """
    target = output or source.with_suffix(".answers.jsonl")
    with in_words():
        requests = sum(1 for _ in batches.read(source))
        already = len(batches.answered(target))
        work = batches.Batch(lambda name: Speaker(name, **options), model)
        failed = 0
        with click.progressbar(length=requests, label="Answered", file=sys.stderr) as bar:
            bar.update(already)
            for told in work.run(source, target):
                failed += told["response"]["status_code"] != 200
                bar.update(1)
    refused = f", {failed} of them with an error" if failed else ""
    click.echo(f"{requests} requests answered in {target}{refused}.")
