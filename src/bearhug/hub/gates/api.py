"""Ask for a gated repository, and decide about those who asked."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, NotFound, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, next_link, ok, redirect
from bearhug.base.http.call import LARGEST_ID, Call
from bearhug.base.http.fields import text
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.gates.service import PAGE, Gates
from bearhug.hub.gates.wire import (
    asked_json,
    gate_json,
    given_answers,
    is_form,
    request_json,
    status_of,
    wanted_decision,
)
from bearhug.hub.repos.wire import name_of

ONE = "/api/{types}/{ns}/{name}/user-access-request"


class GatesApi:
    """Access requests by HTTP; `ask-access` also takes the form of a repository's page."""

    def __init__(self, gates: Gates, who: Who) -> None:
        self._gates = gates
        self._who = who

    def rows(self) -> list[Row]:
        return [*self._rows_of_askers(), *self._rows_of_owners()]

    def _rows_of_askers(self) -> list[Row]:
        refusals = (RepoNotFound, BadRequest, Unauthenticated, Forbidden)
        return [
            Row(
                "POST",
                "/{kind}/{ns}/{name}/ask-access",
                self.ask,
                "Ask for access to a gated repository, with an answer to every question of its form",
                audience="user",
                body="json",
                returns="{repo, gated, status}; a page's form is sent on to the repository",
                refuses=refusals,
            ),
            Row(
                "POST",
                f"{ONE}/cancel",
                self.withdraw,
                "Take the caller's own request back",
                audience="user",
                body="json",
                refuses=(*refusals, NotFound),
            ),
            Row(
                "GET",
                "/api/settings/gated-repos",
                self.asked,
                "What the caller asked for, newest first",
                audience="user",
                returns="[{repo: {name, type}, status, timestamp}]",
            ),
        ]

    def _rows_of_owners(self) -> list[Row]:
        refusals = (RepoNotFound, BadRequest, Unauthenticated, Forbidden)
        return [
            Row(
                "POST",
                f"{ONE}/handle",
                self.decide,
                "Accept or reject a request, or put it back among the waiting ones",
                audience="writer",
                body="json",
                refuses=(*refusals, NotFound),
            ),
            Row(
                "POST",
                f"{ONE}/grant",
                self.grant,
                "Let somebody in who has not asked",
                audience="writer",
                body="json",
                returns="the request",
                refuses=(*refusals, NotFound),
            ),
            Row(
                "GET",
                f"{ONE}/{{status}}",
                self.listing,
                "Requests that are pending, accepted or rejected",
                audience="writer",
                returns="[{requestId, user, status, timestamp, fields}]",
                refuses=refusals,
            ),
            Row(
                "GET",
                "/{kind}/{ns}/{name}/user-access-report",
                self.report,
                "Every request of a repository, as a file to keep",
                audience="writer",
                returns="[{requestId, user, status, timestamp, fields}]",
                refuses=refusals,
            ),
        ]

    def ask(self, call: Call) -> Response:
        gate = self._gates.ask(self._who(call), name_of(call), given_answers(call))
        return redirect(f"/{gate.repo.path}", status=303) if is_form(call) else json_answer(gate_json(gate))

    def withdraw(self, call: Call) -> Response:
        self._gates.withdraw(self._who(call), name_of(call))
        return ok()

    def asked(self, call: Call) -> Response:
        limit = call.number("limit", PAGE, most=PAGE) or PAGE
        before = call.place("cursor", LARGEST_ID)
        found, following = self._gates.asked(self._who(call), before=before, limit=limit)
        cursor = str(following) if following is not None else None
        return json_answer([asked_json(asked) for asked in found], headers=next_link(call, cursor))

    def listing(self, call: Call) -> Response:
        actor, name, status = self._who(call), name_of(call), status_of(call.params["status"])
        limit = call.number("limit", PAGE, most=PAGE) or PAGE
        found = self._gates.listing(actor, name, status, after=call.place("cursor"), limit=limit)
        cursor = str(found[-1].id) if len(found) == limit else None
        return json_answer([request_json(request) for request in found], headers=next_link(call, cursor))

    def decide(self, call: Call) -> Response:
        self._gates.decide(self._who(call), name_of(call), wanted_decision(call.json()))
        return ok()

    def grant(self, call: Call) -> Response:
        request = self._gates.grant(self._who(call), name_of(call), text(call.json(), "user", most=100))
        return json_answer(request_json(request))

    def report(self, call: Call) -> Response:
        rows = [request_json(request) for request in self._gates.report(self._who(call), name_of(call))]
        return json_answer(rows, headers={"content-disposition": 'attachment; filename="user-access-report.json"'})
