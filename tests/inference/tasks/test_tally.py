"""What tasks read and write, counted in tokens."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound
from tests.inference.tasks.test_gathering import MANY

from bearhug.inference.tasks import table
from bearhug.inference.tasks.servant import TaskServant
from bearhug.inference.tasks.tally import Tally
from bearhug.inference.workers.servant import Order, Used

Make = Callable[[str], Path]
SHORT = {"max_new_tokens": 4, "min_new_tokens": 4}
ALONE: dict[str, tuple[str, Any, dict[str, Any], bool, bool]] = {
    "question-answering": ("bert-qa", {"question": "where is ada ?", "context": CONTEXT}, {}, True, False),
    "table-question-answering": ("tapas", {"table": TABLE, "question": "who lives in paris ?"}, {}, True, False),
    "summarization": ("t5", [FILM, CONTEXT], SHORT, True, True),
    "text-generation": ("gpt2", "ada lives", SHORT, True, True),
    "image-to-text": ("caption", picture(), SHORT, False, True),
    "object-detection": ("yolos", picture(), {}, False, False),
    "automatic-speech-recognition": ("ctc", sound(), {}, False, True),
    "zero-shot-image-classification": ("clip", picture(), {"candidate_labels": ["bear", "cat"]}, True, False),
}


def used(servant: TaskServant, asked: tuple[Any, dict[str, Any]]) -> Used:
    """What one call took."""
    inputs, parameters = asked
    blob = inputs if isinstance(inputs, bytes) else b""
    order = Order({"inputs": None if blob else inputs, "parameters": parameters}, blob, threading.Event())
    assert list(servant.answer(order))
    return order.used


@pytest.mark.parametrize("task", ALONE)
def test_tokens_are_counted_where_there_are_any(task: str, model: Make) -> None:
    of, inputs, parameters, reads, writes = ALONE[task]
    found = used(TaskServant(task, str(model(of))), (inputs, parameters))
    assert (found.read > 0, found.written > 0) == (reads, writes)


def test_what_was_written_is_what_was_asked_for(model: Make) -> None:
    servant = TaskServant("text-generation", str(model("gpt2")))
    assert used(servant, ("ada lives", SHORT)).written == 4
    assert used(servant, (["ada lives", "bob"], {**SHORT, "num_return_sequences": 3})).written == 24


@pytest.mark.parametrize("task", sorted(table.TOGETHER - {"image-classification"}))
def test_who_shares_a_batch_pays_for_his_own_texts(task: str, model: Make) -> None:
    of, inputs, parameters = MANY[task]
    servant = TaskServant(task, str(model(of)))
    alone = [used(servant, (one, parameters)) for one in inputs]
    assert all(one.read > 0 for one in alone)
    with ThreadPoolExecutor(12) as pool:
        crowd = list(pool.map(partial(used, servant), [(one, parameters) for one in inputs] * 4))
    assert crowd == alone * 4


def test_shares_are_those_of_whole_calls() -> None:
    assert Tally([1, 2, 3, 4, 5, 6]).shares([2, 1]) == [(1 + 2 + 3 + 4, 0), (5 + 6, 0)]
    assert Tally([], [7, 8]).shares([1, 1]) == [(0, 7), (0, 8)]
