"""Calls that wait together are done together, and answered as if each were alone."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.inference.tasks.samples import CONTEXT, FILM, picture

from bearhug.base.errors import BadRequest, HubError
from bearhug.inference.tasks import table
from bearhug.inference.tasks.gathering import MOST_TOGETHER, Gathering, Wish
from bearhug.inference.tasks.servant import TaskServant
from bearhug.inference.workers.servant import Order

Do = Callable[..., Any]
Make = Callable[[str], Path]
PATIENT = 20.0


class Kitchen:
    """Work that is held up until `open` is set, and notes its batches."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.open = threading.Event()
        self.at_once = self.most_at_once = 0

    def work(self, wishes: Sequence[Wish]) -> list[str]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.batches.append([wish.inputs for wish in wishes])
        assert self.open.wait(PATIENT)
        self.at_once -= 1
        for wish in wishes:
            if wish.inputs == "bad":
                raise BadRequest("bad")
            if wish.inputs == "bug":
                raise KeyError("bug")
        return [f"{wish.inputs}!" for wish in wishes]


def asked(gathering: Gathering, wishes: Sequence[Wish], kitchen: Kitchen) -> list[Any]:
    """What each of them hears; all others come while the first is at work."""

    def ask(wish: Wish) -> Any:
        try:
            return gathering.ask(wish)
        except (HubError, KeyError) as error:
            return error

    with ThreadPoolExecutor(len(wishes)) as pool:
        heard = [pool.submit(ask, wishes[0])]
        until(lambda: len(kitchen.batches) == 1)
        for number, wish in enumerate(wishes[1:], 1):
            heard.append(pool.submit(ask, wish))
            until(lambda number=number: len(gathering._waiting) == number)  # type: ignore[misc]
        kitchen.open.set()
        return [one.result(PATIENT) for one in heard]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def wish(inputs: Any, kind: str = "a") -> Wish:
    return Wish(inputs, kind, threading.Event())


def test_who_waits_for_the_same_is_served_at_once() -> None:
    kitchen = Kitchen()
    heard = asked(Gathering(kitchen.work), [wish(str(number)) for number in range(20)], kitchen)
    assert heard == [f"{number}!" for number in range(20)]
    assert [len(batch) for batch in kitchen.batches] == [1, 19]
    assert kitchen.most_at_once == 1


def test_other_parameters_and_wishes_without_kind_are_done_apart() -> None:
    kitchen = Kitchen()
    wishes = [wish("first"), wish("1", "a"), wish("2", "b"), wish("3", "a"), wish("4", ""), wish("5", "")]
    assert asked(Gathering(kitchen.work), wishes, kitchen) == ["first!", "1!", "2!", "3!", "4!", "5!"]
    assert kitchen.batches == [["first"], ["1", "3"], ["2"], ["4"], ["5"]]


def test_an_error_reaches_the_one_who_made_it() -> None:
    kitchen = Kitchen()
    wishes = [wish("bad" if number == 7 else "bug" if number == 9 else str(number)) for number in range(16)]
    heard = asked(Gathering(kitchen.work), wishes, kitchen)
    assert isinstance(heard[7], BadRequest)
    assert isinstance(heard[9], KeyError)
    assert [one for one in heard if isinstance(one, str)] == [f"{at}!" for at in range(16) if at not in (7, 9)]


def test_who_left_is_not_worked_for() -> None:
    kitchen = Kitchen()
    wishes = [wish("first"), wish("gone"), wish("here")]
    wishes[1].left.set()
    assert asked(Gathering(kitchen.work), wishes, kitchen) == ["first!", None, "here!"]
    assert kitchen.batches == [["first"], ["here"]]


def test_a_batch_has_a_largest_size() -> None:
    kitchen = Kitchen()
    half = ["x"] * (MOST_TOGETHER // 2)
    asked(Gathering(kitchen.work), [wish("first"), wish(half), wish(half), wish(half)], kitchen)
    assert [len(batch) for batch in kitchen.batches] == [1, 2, 1]


TEXTS = [FILM, "bad", "she lives in london and works at the lab in paris", "我 爱 这 部 电 影 ."]
PAIRS = [{"query": one, "texts": TEXTS[:2]} for one in TEXTS]
LIKENESSES = [{"source_sentence": one, "sentences": TEXTS} for one in TEXTS]
MANY: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "text-classification": ("bert-classifier", [*TEXTS, TEXTS], {"top_k": 1}),
    "zero-shot-classification": ("bert-nli", [*TEXTS, TEXTS], {"candidate_labels": ["film", "city"]}),
    "token-classification": ("bert-ner", [*TEXTS, TEXTS, CONTEXT], {"aggregation_strategy": "none"}),
    "fill-mask": ("bert-mlm", ["the [MASK] is good", "[MASK] , you [MASK] it", ["a [MASK]"]], {"top_k": 3}),
    "feature-extraction": ("sentences", [*TEXTS, TEXTS], {}),
    "sentence-similarity": ("sentences", LIKENESSES, {}),
    "text-ranking": ("bert-reranker", PAIRS, {"return_text": True}),
    "text-generation": ("gpt2", [*TEXTS, TEXTS], {"max_new_tokens": 6, "details": True}),
    "image-classification": ("vit", [picture(48, 40), picture(30, 60), [picture()]], {}),
}


def numbers(found: Any) -> list[float]:
    """All numbers of an output, in order."""
    if isinstance(found, list):
        return [number for one in found for number in numbers(one)]
    if isinstance(found, dict):
        return [number for one in found.values() for number in numbers(one)]
    return [float(found)] if isinstance(found, int | float) else []


def words(found: Any) -> list[str]:
    if isinstance(found, list | dict):
        return [word for one in (found.values() if isinstance(found, dict) else found) for word in words(one)]
    return [found] if isinstance(found, str) else []


def test_every_task_that_is_done_together_is_tried_here() -> None:
    assert set(MANY) == table.TOGETHER


@pytest.mark.parametrize("name", MANY)
def test_answers_of_a_batch_are_those_of_single_calls(task: Do, name: str) -> None:
    of, inputs, parameters = MANY[name]
    doing = task(name, of)
    together = doing.together(inputs, **parameters)
    alone = [doing(one, **parameters) for one in inputs]
    assert words(together) == words(alone)
    assert numbers(together) == pytest.approx(numbers(alone), abs=1e-5)


def test_a_crowd_on_one_servant_is_answered_one_for_one(model: Make) -> None:
    servant = TaskServant("text-classification", str(model("bert-classifier")))
    texts = [f"{'very ' * (at % 9)}good film {at % 4}" for at in range(40)]
    texts[11], texts[23] = "", "good " * 100

    def ask(text: str) -> Any:
        order = Order({"inputs": text, "parameters": {}}, b"", threading.Event())
        try:
            [item] = servant.answer(order)
        except BadRequest as error:
            return error.message
        return item.data

    alone = [ask(text) for text in texts]
    with ThreadPoolExecutor(len(texts)) as pool:
        crowd = list(pool.map(ask, texts))
    assert crowd[11] == alone[11] == "The text is empty."
    assert crowd[23] == alone[23]
    assert words(crowd) == words(alone)
    assert numbers(crowd) == pytest.approx(numbers(alone), abs=1e-5)
