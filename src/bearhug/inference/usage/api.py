"""GET /api/usage: what one asked of models; /api/admin/usage: what everybody did."""

from starlette.responses import Response

from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.inference.usage.service import MOST_DAYS, Usage
from bearhug.inference.usage.wire import report_json, survey_json

ROWS = "rows: [{day, model, kind, requests, failures, promptTokens, completionTokens, seconds}]"
DAYS = 30


class UsageApi:
    """`days` is how far back, today included."""

    def __init__(self, usage: Usage, who: Who) -> None:
        self._usage = usage
        self._who = who

    def rows(self) -> list[Row]:
        own, all_ = f"{{days, limits, sums, {ROWS}}}", f"{{days, sums, {ROWS}, each with its account}}"
        shut = (Unauthenticated, Forbidden)
        return [
            Row("GET", "/api/usage", self.own, "What one asked of models", "user", returns=own, refuses=shut),
            Row("GET", "/api/admin/usage", self.all, "What everybody asked", "admin", returns=all_, refuses=shut),
        ]

    def own(self, call: Call) -> Response:
        return json_answer(report_json(self._usage.of(self._who(call), days=days_of(call))))

    def all(self, call: Call) -> Response:
        return json_answer(survey_json(self._usage.of_all(self._who(call), days=days_of(call))))


def days_of(call: Call) -> int:
    return max(call.number("days", DAYS, most=MOST_DAYS), 1)
