"""Vectors for many callers at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import AutoTokenizer

from bearhug.base.errors import BadRequest
from bearhug.inference.openai.embedding import EmbeddingServant
from bearhug.inference.workers.servant import Item, Order


def asked(servant: EmbeddingServant, inputs: list[Any]) -> Item:
    [item] = servant.answer(Order({"inputs": inputs}, b"", threading.Event()))
    return item


def test_vectors_of_a_crowd_are_those_of_single_callers(model: Callable[[str], Path]) -> None:
    servant = EmbeddingServant(str(model("sentences")))
    calls = [["the film is good"], ["bad", "very bad film"], ["she lives in london"] * 3]

    alone = [asked(servant, texts) for texts in calls]
    with ThreadPoolExecutor(12) as pool:
        crowd = list(pool.map(partial(asked, servant), calls * 4))
    for item, expected in zip(crowd, alone * 4, strict=True):
        assert item.data == expected.data
        found, wanted = np.frombuffer(item.blob, "<f4"), np.frombuffer(expected.blob, "<f4")
        assert np.allclose(found, wanted, atol=1e-5)


def test_ids_of_the_model_s_own_tokenizer_are_as_good_as_texts(model: Callable[[str], Path]) -> None:
    folder = model("sentences")
    servant, texts = EmbeddingServant(str(folder)), ["the film is good", "bad"]
    ids = AutoTokenizer.from_pretrained(str(folder))(texts)["input_ids"]
    spoken, counted = asked(servant, texts), asked(servant, ids)
    assert counted.data == spoken.data
    assert np.allclose(np.frombuffer(counted.blob, "<f4"), np.frombuffer(spoken.blob, "<f4"), atol=1e-6)


def test_ids_of_another_tokenizer_are_refused_with_what_to_do(model: Callable[[str], Path]) -> None:
    servant = EmbeddingServant(str(model("sentences")))
    with pytest.raises(BadRequest, match=r"100256.*check_embedding_ctx_length=False") as caught:
        asked(servant, [[2, 3], [3, 100256]])
    assert caught.value.fields["param"] == "input"
    with pytest.raises(BadRequest, match=r"lacks the token ids \[2, 3\].*check_embedding_ctx_length=False"):
        asked(servant, [[2, 5, 6, 3], [5, 6]])
    with pytest.raises(BadRequest, match=r"reads at most 64\. Send less\.$"):
        asked(servant, [[2, *[5] * 5000, 3]])
