"""Settings of the hub, and the announcement on every page."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.admin.pages.desk import Desk, done
from bearhug.hub.admin.service import Administration, shown
from bearhug.hub.settings.records import InstanceSettings, Reach, Registration, Urgency
from bearhug.hub.settings.service import Settings

ANNOUNCEMENT = ("announcement", "announcement_zh", "announcement_urgency", "announcement_dismissable")
CHOICES = {
    "registration": [one.value for one in Registration],
    "dedup_reach": [one.value for one in Reach],
    "announcement_urgency": [one.value for one in Urgency],
}
SWITCHES = [name for name, value in vars(InstanceSettings()).items() if isinstance(value, bool)]
NUMBERS = [name for name, value in vars(InstanceSettings()).items() if type(value) is int]


class PolicyPages:
    """Two forms over the same settings."""

    def __init__(self, administration: Administration, settings: Settings, desk: Desk) -> None:
        self._administration = administration
        self._settings = settings
        self._desk = desk

    def rows(self) -> list[Row]:
        page, form = self._desk.page, self._desk.form
        return [
            page("/settings", self.settings, "Settings of the hub"),
            form("/settings", self.change, "Change settings of the hub"),
            page("/announcement", self.announcement, "The announcement on every page"),
            form("/announcement", self.announce, "Change the announcement"),
        ]

    def settings(self, call: Call, _actor: Actor, *, error: str = "") -> Response:
        values = {name: value for name, value in shown(self._settings.now()).items() if name not in ANNOUNCEMENT}
        return self._form(call, "settings", values, error)

    def announcement(self, call: Call, _actor: Actor, *, error: str = "") -> Response:
        values = {name: value for name, value in shown(self._settings.now()).items() if name in ANNOUNCEMENT}
        return self._form(call, "announcement", values, error)

    def _form(self, call: Call, template: str, values: dict[str, str], error: str) -> Response:
        if error:
            values = {name: only(call.form(), name) for name in values}
        facts = {
            "values": values,
            "choices": CHOICES,
            "switches": SWITCHES,
            "numbers": NUMBERS,
            "saved": call.flag("saved"),
        }
        return self._desk.render(call, template, error=error, **facts)

    def change(self, call: Call, actor: Actor) -> Response:
        names = [name for name in shown(self._settings.now()) if name not in ANNOUNCEMENT]
        try:
            self._administration.change_settings(actor, _given(call, names))
        except BadRequest as refused:
            return self.settings(call, actor, error=refused.message)
        return done(call)

    def announce(self, call: Call, actor: Actor) -> Response:
        try:
            self._administration.change_settings(actor, _given(call, ANNOUNCEMENT))
        except BadRequest as refused:
            return self.announcement(call, actor, error=refused.message)
        return done(call)


def _given(call: Call, names: list[str] | tuple[str, ...]) -> dict[str, str]:
    """What a form says; a switch that is not sent is off, and what else is not sent stays as it is."""
    form = call.form()
    switches = {name: "true" if name in form else "false" for name in names if name in SWITCHES}
    return {name: only(form, name).strip() for name in names if name in form and name not in SWITCHES} | switches
