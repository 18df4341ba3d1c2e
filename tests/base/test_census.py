"""Counts that are kept for a while."""

import threading
import time

from bearhug.base.census import QUICK_SECONDS, Census


def test_a_quick_count_is_made_anew_once_it_is_old() -> None:
    counted: list[str] = []
    census = Census(lambda kind: (counted.append(kind), len(counted))[1], fresh=0.0)
    assert census.last("model") is None
    assert census.of("model") == census.last("model") == 1
    time.sleep(0.01)
    assert census.of("model") == 2


def test_nobody_waits_for_a_slow_count_but_the_first() -> None:
    counters: list[str] = []

    def count(_kind: str) -> int:
        time.sleep(QUICK_SECONDS * 1.2)
        counters.append(threading.current_thread().name)
        return len(counters)

    census = Census(count, fresh=0.0)
    assert census.of("model") == 1
    while census.of("model") == 1:
        time.sleep(0.02)
    assert counters == [threading.current_thread().name, "bearhug-census"]
