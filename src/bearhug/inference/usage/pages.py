"""What one asked of models, in the settings; what everybody asked, in the administration."""

from starlette.responses import Response

from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.account_pages.pages.desk import Desk as OwnDesk
from bearhug.hub.admin.pages.desk import Desk
from bearhug.inference.usage.api import days_of
from bearhug.inference.usage.service import Usage

CHOICES = (7, 30, 90, 365)
SHOWN = 60


class UsagePages:
    """Two pages with the same tables."""

    def __init__(self, usage: Usage, own: OwnDesk, admin: Desk) -> None:
        self._usage = usage
        self._own = own
        self._admin = admin

    def rows(self) -> list[Row]:
        return [
            self._own.form("/settings/usage", self.own, "What one asked of models"),
            self._admin.page("/usage", self.all, "Who asks models how much"),
        ]

    def own(self, call: Call, actor: Actor) -> Response:
        report = self._usage.of(actor, days=days_of(call))
        return self._own.render(call, "usage/own.html", report=report, choices=CHOICES, most=SHOWN)

    def all(self, call: Call, _actor: Actor) -> Response:
        report = self._usage.everything(days=days_of(call))
        return self._admin.render(call, "usage/all", report=report, choices=CHOICES, most=SHOWN)
