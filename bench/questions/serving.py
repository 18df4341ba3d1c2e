"""How fast does a language model speak through the hub, beside its engine, transformers and memory?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.language import LONGEST, Ask, Case, Heard, hear_all, make_model, measured, prompts, reading_seconds
from bench.made import upload_model
from bench.servers import hub

CASES = (Case(1, 64, 3), Case(8, 64, 2), Case(32, 32, 1))
PLAIN = (Case(1, 16, 1), Case(8, 16, 1))
"""What transformers are asked: an answer of theirs takes longer."""
COMMON = (PLAIN[0].first, *(case.between for case in PLAIN))
READING = f"a token of a prompt of {LONGEST}"


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    parameters = make_model(folder / "model", sizes)
    limit = reading_seconds(parameters) * 1000  # weights of 8 bits are what is read for a token
    with hub(folder) as server:
        model = upload_model(server, "speaker", folder / "model")
        through = partial(hear_all, server.port, server.token, model)
        through(prompts(8, 7), 8)  # writes the graph, and makes what is made at the first use
        graph = next(server.data.glob("models/*.graphs/*"))
        with alone("engine", graph) as bare:
            bare(prompts(8, 7), 8)
            found = _beside(through, bare)
        with alone("transformers", folder / "model") as plain:
            plain(prompts(1, 7), 2)
            slow = {what: value for case in PLAIN for what, value in measured({"plain": plain}, case)["plain"].items()}
    ours = {figure.what: figure.hub for figure in found}
    found += [Figure(what, ours[what], slow[what], "ms", "transformers, float32") for what in COMMON]
    one = CASES[0].between
    return [*found, Figure(one, ours[one], limit, "ms", "reading the weights once")]


def _beside(through: Ask, bare: Ask) -> list[Figure]:
    """Every case, the hub and the bare engine by turns."""
    both = {"hub": through, "bare": bare}
    reading = [{who: ask(prompts(1, 900 + at, LONGEST), 1)[0].first for who, ask in both.items()} for at in range(3)]
    ours, theirs = (sorted(one[who] / LONGEST * 1000 for one in reading)[1] for who in both)
    found = [Figure(READING, ours, theirs, "ms", "the engine alone")]
    for case in CASES:
        times = measured(both, case)
        found += [
            Figure(what, value, times["bare"][what], "ms", "the engine alone") for what, value in times["hub"].items()
        ]
    return found


@contextmanager
def alone(what: str, folder: Path) -> Iterator[Ask]:
    """An engine without the hub, on a graph or the folder of a model; in a session of its own, as workers are.

    Systems share processors between sessions first, and within them by priority.
    """
    command = [sys.executable, "-m", f"bench.{what}_alone", str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(prompts: object, new: int) -> list[Heard]:
            print(json.dumps([prompts, new]), file=stdin, flush=True)
            return [Heard(first, last, int(tokens)) for first, last, tokens in json.loads(stdout.readline())]

        yield ask
        stdin.close()
