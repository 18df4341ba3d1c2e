"""Vectors for many callers at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bearhug.inference.openai.embedding import EmbeddingServant
from bearhug.inference.workers.servant import Item, Order


def test_vectors_of_a_crowd_are_those_of_single_callers(model: Callable[[str], Path]) -> None:
    servant = EmbeddingServant(str(model("sentences")))
    calls = [["the film is good"], ["bad", "very bad film"], ["she lives in london"] * 3]

    def ask(texts: list[str]) -> Item:
        [item] = servant.answer(Order({"texts": texts}, b"", threading.Event()))
        return item

    alone = [ask(texts) for texts in calls]
    with ThreadPoolExecutor(12) as pool:
        crowd = list(pool.map(ask, calls * 4))
    for item, expected in zip(crowd, alone * 4, strict=True):
        assert item.data == expected.data
        found, wanted = np.frombuffer(item.blob, "<f4"), np.frombuffer(expected.blob, "<f4")
        assert np.allclose(found, wanted, atol=1e-5)
