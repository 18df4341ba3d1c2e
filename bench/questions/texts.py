"""How fast are many texts classified and turned into vectors, beside plain loops over the same model?

And over HTTP: when many ask at once, beside the same texts asked one after another.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.encoder import make_encoder, texts
from bench.figures import Figure, Sizes
from bench.made import upload_model
from bench.servers import Hub, hub

BATCH = 32
LONGEST = 512
CALLERS, CALLS = 16, 64
MOST, ROUNDS = 64, 2
"""Texts and rounds at most: enough for lengths to differ, and for the question to end in two minutes."""


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    import bearhug

    (folder / "model").mkdir()
    make_encoder(folder / "model", sizes)
    sizes = replace(sizes, requests=min(sizes.requests, MOST), rounds=min(sizes.rounds, ROUNDS))
    asked = texts(sizes.requests)
    classify: Any = bearhug.pipeline("text-classification", str(folder / "model"))
    embed: Any = bearhug.pipeline("feature-extraction", str(folder / "model"))
    loops = Loops(classify.model, classify.tokenizer)
    ways: dict[str, tuple[Callable[[], object], dict[str, Callable[[], object]]]] = {
        "classifying a text": (
            partial(classify, asked),
            {"one after another": partial(loops.scores, asked, 1), f"batches of {BATCH}": partial(loops.scores, asked)},
        ),
        "a vector of a text": (
            partial(embed, asked),
            {
                "one after another": partial(loops.vectors, asked, 1),
                f"batches of {BATCH}": partial(loops.vectors, asked),
            },
        ),
    }
    found = [
        _beside(what, ours, name, theirs, sizes)
        for what, (ours, others) in ways.items()
        for name, theirs in others.items()
    ]
    with hub(folder) as server:
        return [*found, _crowd(server, upload_model(server, "mood", folder / "model"), sizes)]


class Loops:
    """What one writes by hand: tokenise, run, in the order of the texts."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer

    def scores(self, asked: Sequence[str], batch: int = BATCH) -> list[Any]:
        return [
            row for group in _groups(asked, batch) for row in self._run(self._model, group).logits.softmax(-1).tolist()
        ]

    def vectors(self, asked: Sequence[str], batch: int = BATCH) -> list[Any]:
        found = []
        for group in _groups(asked, batch):
            hidden = self._run(self._model.base_model, group).last_hidden_state
            found += [row.tolist() for row in hidden]
        return found

    def _run(self, model: Any, group: Sequence[str]) -> Any:
        import torch

        with torch.inference_mode():
            return model(
                **self._tokenizer(list(group), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
            )


def _crowd(server: Hub, model: str, sizes: Sizes) -> Figure:
    """Milliseconds a text, one text a request."""
    path, asked = f"/pipeline/text-classification/{model}", texts(CALLS)

    def call(some: Sequence[str]) -> None:
        with server.signed_in() as connection:
            for text in some:
                connection.post(path, {"inputs": text}).good()

    call(asked[:2])
    shares = [asked[at::CALLERS] for at in range(CALLERS)]
    at_once: list[float] = []
    alone: list[float] = []
    with ThreadPoolExecutor(CALLERS) as pool:
        for _ in range(sizes.rounds):
            at_once.append(_milliseconds(lambda: list(pool.map(call, shares))) / CALLS)
            alone.append(_milliseconds(partial(call, asked)) / CALLS)
    what = f"a text over HTTP, {CALLERS} callers at once"
    return Figure(what, median(at_once), median(alone), "ms", "the same calls one after another")


def _groups(asked: Sequence[str], size: int) -> list[Sequence[str]]:
    return [asked[at : at + size] for at in range(0, len(asked), size)]


def _beside(what: str, ours: Callable[[], object], name: str, theirs: Callable[[], object], sizes: Sizes) -> Figure:
    """Milliseconds a text, by turns, so that both see the same machine."""
    ours_took: list[float] = []
    theirs_took: list[float] = []
    for _ in range(sizes.rounds):
        ours_took.append(_milliseconds(ours) / sizes.requests)
        theirs_took.append(_milliseconds(theirs) / sizes.requests)
    return Figure(what, median(ours_took), median(theirs_took), "ms", f"transformers, {name}")


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
