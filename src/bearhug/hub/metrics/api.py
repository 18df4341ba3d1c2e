"""GET /metrics: what was asked of the hub and how it stands, in the text format of Prometheus."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from starlette.responses import Response

from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.base.http.tally import BOUNDS, TRAFFIC, Line, Tally
from bearhug.hub.access.who import Who
from bearhug.hub.metrics.records import Family, Sample, Source, counter
from bearhug.hub.metrics.service import Metrics
from bearhug.hub.metrics.wire import MEDIA_TYPE, exposed

NO_ROUTE = "none"
LIMITS = (*(f"{bound:g}" for bound in BOUNDS), "+Inf")


class MetricsApi:
    """What operators watch; `more` are numbers of wings."""

    def __init__(self, metrics: Metrics, tally: Callable[[], Tally], more: Sequence[Source], who: Who) -> None:
        self._metrics = metrics
        self._tally = tally
        self._more = more
        self._who = who

    def rows(self) -> list[Row]:
        refuses = (Unauthenticated, Forbidden)
        summary = "How the hub and the models it runs stand, for Prometheus"
        return [Row("GET", "/metrics", self.metrics, summary, audience="admin", returns="text", refuses=refuses)]

    def metrics(self, call: Call) -> Response:
        actor = self._who(call)
        if actor.is_anonymous:
            raise Unauthenticated("Metrics are for administrators: send the access token of one.")
        if not actor.is_admin:
            raise Forbidden("Metrics are for administrators.")
        wings = [family for source in self._more for family in source()]
        families = [*_asked(self._tally()), *self._metrics.families(), *wings]
        return Response(exposed(families), 200, {"cache-control": "no-store"}, MEDIA_TYPE)


def _asked(tally: Tally) -> Iterator[Family]:
    lines = sorted(dict(tally.lines).items())
    counts: list[Sample] = [
        ("", {"method": method, "route": route or NO_ROUTE, "status": str(status)}, line.count)
        for (method, route, status), line in lines
    ]
    yield Family("bearhug_http_requests_total", "counter", "Requests that have ended", counts)
    routes: defaultdict[str, list[Line]] = defaultdict(list)
    for (_, route, _), line in lines:
        routes[route or NO_ROUTE].append(line)
    spans = [sample for route, found in routes.items() for sample in _spans(route, found)]
    words = "Seconds until the last byte of an answer left, however slow its reader"
    yield Family("bearhug_http_request_seconds", "histogram", words, spans)
    yield counter("bearhug_http_received_bytes_total", "Bytes that came in", TRAFFIC.heard)
    yield counter("bearhug_http_sent_bytes_total", "Bytes of bodies that went out", TRAFFIC.sent)


def _spans(route: str, lines: Sequence[Line]) -> Iterator[Sample]:
    summed = [sum(line.spans[at] for line in lines) for at in range(len(LIMITS))]
    for limit, count in zip(LIMITS, accumulate(summed), strict=True):
        yield "_bucket", {"route": route, "le": limit}, count
    yield "_sum", {"route": route}, sum(line.seconds for line in lines)
    yield "_count", {"route": route}, sum(summed)
