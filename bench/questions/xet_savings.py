"""How many bytes are kept when a model or a table changes: sent by a warm machine, by a fresh one, and over LFS?"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.servers import hub
from bench.xet import Machine, kept, wait_until_idle, weights, write_model

MB = 1_000_000
TENSORS = 13
LARGEST = 256
"""MB of a model: shares do not change beyond it."""

Make = Callable[[Path], None]


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    count = min(sizes.file, LARGEST) * 500_000 // TENSORS
    figures = []
    for what, aim, versions in _scenarios(count):
        figures += _grown(folder, what, aim, list(versions))
    return figures


def _scenarios(count: int) -> Iterator[tuple[str, float | None, Iterator[Make]]]:
    base = [weights(seed, count) for seed in range(TENSORS)]
    tenth = [weights(99, count), *base[1:]]
    yield "one model", 0.9, iter([_model(base)])
    yield "a tensor in 13 changed", 0.12, iter([_model(base), _model(tenth)])
    yield "the metadata changed", 0.02, iter([_model(base), _model(base, "another note")])
    yield "a tensor appended", 0.12, iter([_model(base), _model([*base, weights(98, count)])])
    yield "60 rows of a table inserted", 0.25, iter([_table(count // 4, 0), _table(count // 4, 60)])


def _model(tensors: list[bytes], note: str = "") -> Make:
    return lambda file: (write_model(file, tensors, note), None)[1]


def _table(rows: int, inserted: int) -> Make:
    def write(file: Path) -> None:
        chance = random.Random(1)
        lines = [f"{row},{chance.random():.9f},{chance.choice('abcdefgh') * 9}\n" for row in range(rows)]
        other = random.Random(2)
        for number in range(inserted):
            lines.insert(other.randrange(len(lines)), f"new,{number},{other.random():.9f}\n")
        file.write_text("".join(lines))

    return write


def _grown(folder: Path, what: str, aim: float | None, versions: list[Make]) -> list[Figure]:
    """What the last version adds to the store, as a share of its own size."""
    file = folder / "file.safetensors"
    found = []
    for machine in ("warm", "fresh") if len(versions) > 1 else ("warm",):
        place = folder / what.replace(" ", "-") / machine
        place.mkdir(parents=True)
        with hub(place) as server:
            repo = server.create("model")
            for number, write in enumerate(versions):
                before = kept(server)
                write(file)
                home = place / (f"home-{number}" if machine == "fresh" else "home")
                Machine(server, home).upload(repo, file, "file.safetensors")
                wait_until_idle(server)
            added = kept(server) - before
        found.append(
            Figure(f"{what}, {machine} machine", added / MB, file.stat().st_size / MB, "MB", "LFS", most_ratio=aim)
        )
    return found
