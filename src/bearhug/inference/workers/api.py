"""GET /metrics: how the workers stand, in the text format of Prometheus.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from collections.abc import Callable, Sequence

from starlette.responses import Response

from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.base.http.answers import text_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.inference.workers.records import Standing
from bearhug.inference.workers.supervisor import Workers

Value = Callable[[Standing], float]
METRICS: Sequence[tuple[str, str, str, Value]] = (
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


class MetricsApi:
    """What operators watch."""

    def __init__(self, workers: Workers, who: Who) -> None:
        self._workers = workers
        self._who = who

    def rows(self) -> list[Row]:
        refuses = (Unauthenticated, Forbidden)
        summary = "How running models stand, for Prometheus"
        return [Row("GET", "/metrics", self.metrics, summary, audience="admin", returns="text", refuses=refuses)]

    def metrics(self, call: Call) -> Response:
        actor = self._who(call)
        if actor.is_anonymous:
            raise Unauthenticated("Metrics are for administrators: send the access token of one.")
        if not actor.is_admin:
            raise Forbidden("Metrics are for administrators.")
        return text_answer(exposed(self._workers.standings()))


def exposed(standings: Sequence[Standing]) -> str:
    """One line a worker and metric."""
    lines = []
    for name, kind, words, value in METRICS:
        lines += [f"# HELP bearhug_worker_{name} {words}.", f"# TYPE bearhug_worker_{name} {kind}"]
        for one in standings:
            label = one.label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            work = one.key.partition(" ")[0]
            lines.append(f'bearhug_worker_{name}{{model="{label}",work="{work}",state="{one.state}"}} {value(one):g}')
    return "\n".join(lines) + "\n"
