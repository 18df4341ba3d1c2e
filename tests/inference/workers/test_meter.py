"""The meter: tokens in all, and a second."""

from bearhug.inference.workers.meter import Meter, Speed


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rates_are_told_over_the_last_ten_seconds() -> None:
    clock = Clock()
    meter = Meter(clock)
    for _ in range(20):
        clock.now += 1
        meter.hear({"tokens": 5})
    speed = meter.speed()
    assert (speed.written, speed.writes) == (100, 5.0)
    clock.now += 10
    assert meter.speed() == Speed(0, 100, 0.0, 0.0)


def test_prompts_are_counted_apart() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.hear({"prompt": 40})
    meter.hear({"tokens": 4})
    clock.now += 2
    assert meter.speed() == Speed(40, 4, 20.0, 2.0)


def test_what_tells_of_no_tokens_counts_nothing() -> None:
    meter = Meter(Clock())
    for said in ({"ids": [1, 2]}, {"tokens": ["a"]}, {"tokens": True}, {"tokens": -3}, [1], None, "text"):
        meter.hear(said)
    assert meter.speed() == Speed()
