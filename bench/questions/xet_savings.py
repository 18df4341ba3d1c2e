"""How many bytes are sent and kept when a model or a table changes: from a warm machine, a fresh one, and over LFS?"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.servers import hub
from bench.tap import tapped
from bench.xet import Machine, kept, wait_until_idle, weights, write_model

MB = 1_000_000
TENSORS = 13
TRAINED = 3
"""Tensors of a checkpoint that change with every step: 23 % of its weights."""
LARGEST = 128
"""MB of a model: shares do not change beyond it."""
ROWS_ADDED = 8
ROW = 4096
"""Weights in a row of the embedding."""

Make = Callable[[Path], None]


@dataclass(frozen=True)
class Scenario:
    """Versions of one file, sent one after another; the last one is measured. `aim` bounds its share of a whole."""

    what: str
    aim: float | None
    versions: Sequence[Make]


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    count = min(sizes.file, LARGEST) * 500_000 // TENSORS
    return [figure for scenario in _scenarios(count) for figure in _grown(folder, scenario)]


def _scenarios(count: int) -> Iterator[Scenario]:
    base = [weights(seed, count) for seed in range(TENSORS)]
    whole = _model(base)
    yield Scenario("one model, bf16", 0.9, [whole])
    yield Scenario(
        "one model, float32", 0.97, [_model([weights(seed, count // 2, wide=True) for seed in range(TENSORS)])]
    )
    yield Scenario("a tensor in 13 changed", 0.12, [whole, _model([weights(99, count), *base[1:]])])
    yield Scenario("the metadata changed", 0.02, [whole, _model(base, "another note")])
    yield Scenario("a tensor appended", 0.12, [whole, _model([*base, weights(98, count)])])
    longer = base[0] + weights(97, ROWS_ADDED * ROW)
    yield Scenario("8 rows added to the embedding", 0.02, [whole, _model([longer, *base[1:]])])
    yield Scenario("a checkpoint, 23 % trained", 0.25, [_checkpoint(base, step) for step in range(3)])
    rows = count // 4
    yield Scenario("5 % of rows appended to a table", 0.1, [_table(rows, 0), _table(rows * 21 // 20, 0)])
    yield Scenario("200 rows inserted in a table", 0.5, [_table(rows, 0), _table(rows, 200)])


def _checkpoint(base: Sequence[bytes], step: int) -> Make:
    trained = [weights(1000 * step + number, len(base[0]) // 2) for number in range(TRAINED)]
    return _model([*trained, *base[TRAINED:]])


def _model(tensors: Sequence[bytes], note: str = "") -> Make:
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


def _grown(folder: Path, scenario: Scenario) -> Iterator[Figure]:
    """What the last version adds to the store and what of it was sent, as shares of its own size."""
    file = folder / "file.safetensors"
    for machine in ("warm", "fresh") if len(scenario.versions) > 1 else ("warm",):
        place = folder / scenario.what.replace(" ", "-") / machine
        place.mkdir(parents=True)
        with hub(place) as server, tapped(server.port) as tap:
            repo, seen = server.create("model"), replace(server, port=tap.port)
            for number, write in enumerate(scenario.versions):
                write(file)
                before, sent = kept(server), tap.sent
                home = place / (f"home-{number}" if machine == "fresh" else "home")
                Machine(seen, home).upload(repo, file, "file.safetensors")
                sent = tap.sent - sent
                wait_until_idle(server)
            added = kept(server) - before
        size = file.stat().st_size / MB
        for what, share in (("kept", added), ("sent", sent)):
            words = f"{scenario.what}, {machine} machine, {what}"
            yield Figure(words, share / MB, size, "MB", "LFS", most_ratio=scenario.aim)
