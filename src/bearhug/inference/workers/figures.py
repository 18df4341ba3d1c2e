"""How the workers stand, as numbers for those who watch the hub."""

from collections.abc import Callable, Sequence
from typing import Literal

from bearhug.hub.metrics.records import Family
from bearhug.inference.workers.records import Standing

Value = Callable[[Standing], float]
Kind = Literal["gauge", "counter"]
METRICS: Sequence[tuple[str, Kind, str, Value]] = (
    ("requests_running", "gauge", "Calls that a worker has in hand", lambda one: one.running),
    ("requests_waiting", "gauge", "Calls that wait for a worker", lambda one: one.waiting),
    ("requests_total", "counter", "Calls that have ended", lambda one: one.done),
    ("requests_failed_total", "counter", "Calls that ended with an error", lambda one: one.failed),
    ("memory_bytes", "gauge", "Memory of a worker", lambda one: one.memory),
    ("restarts", "gauge", "Processes of a worker that died", lambda one: one.restarts),
    ("tokens_read_total", "counter", "Tokens of prompts and texts", lambda one: one.speed.read),
    ("tokens_written_total", "counter", "Tokens of answers", lambda one: one.speed.written),
    ("tokens_read_per_second", "gauge", "Tokens of prompts in a second of the last ten", lambda one: one.speed.reads),
    (
        "tokens_written_per_second",
        "gauge",
        "Tokens of answers in a second of the last ten",
        lambda one: one.speed.writes,
    ),
)


def figures(standings: Sequence[Standing]) -> list[Family]:
    """One sample a worker and metric."""
    labelled = [({"model": one.label, "work": one.key.partition(" ")[0], "state": one.state}, one) for one in standings]
    return [
        Family(f"bearhug_worker_{name}", kind, words, [("", labels, value(one)) for labels, one in labelled])
        for name, kind, words, value in METRICS
    ]
