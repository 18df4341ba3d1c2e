"""Counts that are kept for a while."""

import threading
import time

from bearhug.base.census import QUICK_SECONDS, Census


def test_a_quick_count_is_made_anew_once_it_is_old() -> None:
    counted: list[str] = []
    census = Census(lambda kind: (counted.append(kind), len(counted))[1], fresh=0.0)
    assert census.of("model") == 1
    time.sleep(0.01)
    assert census.of("model") == 2


def test_nobody_waits_for_a_slow_count_but_the_first() -> None:
    began = threading.Event()
    answers = iter([1, 2])

    def count(_kind: str) -> int:
        time.sleep(QUICK_SECONDS * 1.2)
        began.set()
        return next(answers)

    census = Census(count, fresh=0.0)
    assert census.of("model") == 1
    time.sleep(QUICK_SECONDS * 1.2 * 20 + 0.2)
    began.clear()
    assert census.of("model") == 1
    assert began.wait(5)
    while census.of("model") == 1:
        time.sleep(0.01)
