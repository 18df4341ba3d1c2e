"""Brief answers: given at once, begun anew in a thread where they turn out long, given up where the machine is slow."""

import contextlib

import pytest

from bearhug.base.brief import MOST_SECONDS, PAUSE_SECONDS, Brevity, TakesLong, takes_long


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_brief_answer_is_given() -> None:
    assert Brevity().answer(lambda word: word * 2, "ab") == "abab"


def test_what_turns_out_long_is_not_answered_here() -> None:
    with pytest.raises(TakesLong):
        Brevity().answer(takes_long)


def test_an_except_exception_does_not_keep_it() -> None:
    def careless() -> None:
        with contextlib.suppress(Exception):
            takes_long()

    with pytest.raises(TakesLong):
        Brevity().answer(careless)


def test_elsewhere_long_work_is_just_done() -> None:
    takes_long()
    assert Brevity().answer(int) == 0
    takes_long()


def test_after_a_slow_answer_the_loop_is_left_alone_for_a_while() -> None:
    clock = Clock()
    brevity = Brevity(clock)

    def slow() -> None:
        clock.now += MOST_SECONDS * 2

    fitting = [brevity.is_fitting]
    brevity.answer(slow)
    fitting.append(brevity.is_fitting)
    clock.now += PAUSE_SECONDS
    assert [*fitting, brevity.is_fitting] == [True, False, True]


def test_a_quick_answer_leaves_it_so() -> None:
    brevity = Brevity(Clock())
    brevity.answer(int)
    assert brevity.is_fitting
