"""What runs behind the pages: storage, jobs, health, the audit trail, and the overview of it all."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import Conflict, NotFound
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.admin.pages.desk import ROWS, Desk, done, whole
from bearhug.hub.admin.service import Administration
from bearhug.hub.admin.survey import Survey
from bearhug.hub.doctor.service import Doctor

STATES = ("waiting", "running", "failed", "done", "cancelled")


class WorksPages:
    """Looking after the machine."""

    def __init__(
        self,
        administration: Administration,
        survey: Survey,
        doctor: Doctor,
        desk: Desk,
    ) -> None:
        self._administration = administration
        self._survey = survey
        self._doctor = doctor
        self._desk = desk

    def rows(self) -> list[Row]:
        page, form = self._desk.page, self._desk.form
        return [
            page("", self.overview, "The hub at a glance"),
            page("/storage", self.storage, "What takes how much room"),
            form("/storage", self.collect, "Give back the room of what nobody needs"),
            page("/jobs", self.jobs, "Background jobs"),
            form("/jobs", self.retry_failed, "Run every job again that failed"),
            page("/jobs/{id}", self.job, "A background job", (NotFound,)),
            form("/jobs/{id}", self.change_job, "Retry or cancel a background job"),
            page("/health", self.health, "What the doctor finds"),
            page("/audit", self.audit, "What administrators did"),
        ]

    def overview(self, call: Call, _actor: Actor) -> Response:
        totals, tally, oldest = self._survey.glance()
        troubles = [finding for finding in self._doctor.glance() if finding.health.value != "good"]
        acts = self._survey.acts(before=None, limit=8)
        return self._desk.render(
            call, "overview", totals=totals, tally=tally, oldest=oldest, troubles=troubles, acts=acts
        )

    def storage(self, call: Call, _actor: Actor) -> Response:
        house, holders, largest = self._survey.storage()
        idle = self._survey.idle() if call.flag("look") else None
        return self._desk.render(call, "storage", house=house, holders=holders, largest=largest, idle=idle)

    def collect(self, call: Call, actor: Actor) -> Response:
        self._administration.collect_garbage(actor)
        return done(call)

    def jobs(self, call: Call, _actor: Actor) -> Response:
        status = call.one("status") if call.one("status") in STATES else ""
        kind = (call.one("kind") or "")[:64]
        jobs, tally, kinds, oldest = self._survey.jobs(status or "", kind, before=whole(call.one("before")), limit=ROWS)
        facts: dict[str, Any] = {"chosen": status, "kind": kind, "states": STATES, "kinds": kinds}
        facts |= {"tally": tally, "oldest": oldest}
        following = jobs[-1].id if len(jobs) == ROWS else 0
        return self._desk.render(call, "jobs", jobs=jobs, following=following, **facts)

    def retry_failed(self, call: Call, actor: Actor) -> Response:
        self._administration.retry_failed(actor, only(call.form(), "kind")[:64])
        return done(call)

    def job(self, call: Call, _actor: Actor, *, error: str = "") -> Response:
        job = self._survey.job(whole(call.params["id"]) or 0)
        return self._desk.render(call, "job", error=error, job=job)

    def change_job(self, call: Call, actor: Actor) -> Response:
        job = self._survey.job(whole(call.params["id"]) or 0)
        change = {"cancel": self._administration.cancel_job, "retry": self._administration.retry_job}
        try:
            change.get(only(call.form(), "do"), self._administration.retry_job)(actor, job.id)
        except Conflict as refused:
            return self.job(call, actor, error=refused.message)
        return done(call)

    def health(self, call: Call, _actor: Actor) -> Response:
        return self._desk.render(call, "health", findings=list(self._doctor.examine()))

    def audit(self, call: Call, _actor: Actor) -> Response:
        words = (call.one("q") or "").strip()[:100]
        acts = self._survey.acts(before=whole(call.one("before")), limit=ROWS, words=words)
        following = acts[-1].id if len(acts) == ROWS else 0
        return self._desk.render(call, "audit", acts=acts, following=following, words_sought=words)
