"""How fast does a language model speak through the hub: beside its engine alone, and beside what memory allows?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.language import Ask, Heard, hear_all, make_model, measure, reading_seconds
from bench.made import upload_model
from bench.servers import hub

ONE = "a new token, 1 stream"


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    parameters = make_model(folder / "model", sizes)
    limit = reading_seconds(parameters) * 1000  # weights of 8 bits are what is read for a token
    with hub(folder) as server:
        model = upload_model(server, "speaker", folder / "model")
        ours = measure(partial(hear_all, server.port, server.token, model), sizes)
        graph = next(server.data.glob("models/*.graphs/*"))
    with alone(graph) as bare:
        theirs = measure(bare, sizes)
    found = [Figure(name, value, theirs[name], "ms", "the engine alone") for name, value in ours.items()]
    return [*found, Figure(ONE, ours[ONE], limit, "ms", "reading the weights once")]


@contextmanager
def alone(graph: Path) -> Iterator[Ask]:
    """The engine without the hub, on the same graph."""
    command = [sys.executable, "-m", "bench.engine_alone", str(graph)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(prompts: object, new: int) -> list[Heard]:
            print(json.dumps([prompts, new]), file=stdin, flush=True)
            return [Heard(first, last, int(tokens)) for first, last, tokens in json.loads(stdout.readline())]

        yield ask
        stdin.close()
