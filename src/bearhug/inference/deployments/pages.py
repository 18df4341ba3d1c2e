"""Deployments as people see and steer them: the table, one of them, and the form for another."""

import shlex
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, HubError, NotFound, RepoNotFound, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.who import Who
from bearhug.inference.deployments import standing, wire
from bearhug.inference.deployments.api import number
from bearhug.inference.deployments.records import EMBEDDED, Deployment, Live
from bearhug.inference.deployments.service import Deployments
from bearhug.inference.engine.plans import ENGINES, PRECISIONS

HOME = "/deployments"
ONE = f"{HOME}/{{id}}"
SHUT: tuple[type[HubError], ...] = (NotFound, Unauthenticated, Forbidden)
SHOWN_LOG = 16_384
FRESH = {"cache-control": "no-store"}
FIELDS = ("model", "name", "revision", "task", "engine", "precision", "url", "key", "remoteModel")
COUNTS = ("context", "cacheTokens")
EMPTY = dict.fromkeys((*FIELDS, *COUNTS, "flags", "keep"), "")


@dataclass(frozen=True)
class Line:
    """A deployment as the table shows it."""

    deployment: Deployment
    live: Live
    steering: bool


class DeploymentPages:
    """Pages for everybody who may call a deployment; forms for those who steer it."""

    def __init__(self, deployments: Deployments, pages: Pages, who: Who) -> None:
        self._deployments = deployments
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        asked = (BadRequest, RepoNotFound, Conflict, *SHUT)
        form = "The form for a new deployment"
        one = "A deployment: how it runs, what it does, how to call it"
        return [
            Row("GET", HOME, self.listing, "What is deployed and loaded", "reader", returns="HTML", page=True),
            Row("GET", f"{HOME}/new", self.new, form, "user", returns="HTML", refuses=(Unauthenticated,), page=True),
            Row("POST", HOME, self.create, "Deploy a model", "writer", "form", "a redirect", asked, page=True),
            Row("GET", ONE, self.page, one, "reader", returns="HTML", refuses=(NotFound,), page=True),
            Row("POST", ONE, self.steer, "Steer a deployment", "writer", "form", "a redirect", asked, page=True),
        ]

    # the table ---------------------------------------------------------------------------------------------

    def listing(self, call: Call) -> Response:
        actor, workers = self._who(call), self._deployments.workers
        found = self._deployments.listing(actor)
        lives = standing.live(workers, found)
        lines = [Line(one, lives[one.id], self._deployments.may_steer(actor, one)) for one in found]
        others = standing.others(self._deployments, actor, found)
        used = sum(one.memory for one in workers.standings()) if actor.is_admin else None
        facts: dict[str, Any] = {"lines": lines, "others": others, "used": used, "room": workers.limits.memory}
        template = "rows" if call.header("x-fragment") == "live" else "list"
        return self._pages.render(call, f"deployments/{template}.html", headers=FRESH, **facts)

    # one of them -------------------------------------------------------------------------------------------

    def page(self, call: Call) -> Response:
        actor = self._who(call)
        return self._show(call, actor, self._deployments.get(actor, number(call)))

    def _show(self, call: Call, actor: Actor, found: Deployment, *, error: str = "") -> Response:
        live = standing.live(self._deployments.workers, [found])[found.id]
        steering = self._deployments.may_steer(actor, found)
        facts: dict[str, Any] = {"line": Line(found, live, steering), "url": call.base_url, "error": error}
        facts["log"] = self._deployments.log(actor, found.id)[-SHOWN_LOG:] if steering else ""
        if call.header("x-fragment") == "live":
            return self._pages.render(call, "deployments/live.html", headers=FRESH, **facts)
        facts |= self._choices(actor) | {"typed": _typed(found)}
        status = 400 if error else 200
        return self._pages.render(call, "deployments/page.html", status=status, headers=FRESH, **facts)

    def steer(self, call: Call) -> Response:
        """What the buttons and the form of a deployment's page, or the buttons of the table, want."""
        actor, form = self._who(call), call.form()
        found, what = self._deployments.get(actor, number(call)), only(form, "do")
        try:
            if what == "start":
                self._deployments.start(actor, found.id)
            elif what == "stop":
                self._deployments.stop(actor, found.id)
            elif what == "delete":
                self._deployments.remove(actor, found.id)
                return redirect(HOME, status=303)
            elif what == "change":
                self._deployments.change(actor, found.id, wire.changed(_asked(form), found))
            else:
                raise BadRequest
        except (BadRequest, Conflict) as error:
            return self._show(call, actor, found, error=error.message)
        return redirect(HOME if only(form, "back") == "list" else f"{HOME}/{found.id}", status=303)

    # another one -------------------------------------------------------------------------------------------

    def new(self, call: Call) -> Response:
        actor = self._who(call)
        if actor.is_anonymous:
            raise Unauthenticated("Sign in to deploy a model.")
        typed = {"model": (call.one("model") or "")[:300]}
        return self._form(call, actor, typed)

    def create(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        try:
            made = self._deployments.create(actor, wire.wish(_asked(form)))
        except (BadRequest, Conflict, RepoNotFound, Forbidden) as error:
            if actor.is_anonymous:
                raise
            typed = {name: only(form, name)[:2048] for name in EMPTY if name != "key"}
            return self._form(call, actor, typed, error=error.message)
        return redirect(f"{HOME}/{made.id}", status=303)

    def _form(self, call: Call, actor: Actor, typed: dict[str, str], *, error: str = "") -> Response:
        status = 400 if error else 200
        facts = self._choices(actor) | {"typed": EMPTY | typed, "error": error}
        return self._pages.render(call, "deployments/new.html", status=status, headers=FRESH, **facts)

    def _choices(self, actor: Actor) -> dict[str, Any]:
        engines = [name for name in ENGINES if actor.is_admin or name in EMBEDDED]
        return {"engines": engines, "precisions": PRECISIONS, "administers": actor.is_admin}


def _asked(form: dict[str, list[str]]) -> dict[str, Any]:
    """The form as the JSON that says the same."""
    asked: dict[str, Any] = {name: only(form, name).strip() for name in FIELDS if only(form, name).strip()}
    asked["keep"] = only(form, "keep") == "yes"
    for name in COUNTS:
        text = only(form, name).strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise BadRequest(f'"{name}" is a whole number of tokens, at least 16.')
        asked[name] = int(text) if text else None
    try:
        asked["flags"] = shlex.split(only(form, "flags"))
    except ValueError as error:
        raise BadRequest("A quotation mark in the flags has no end.") from error
    return asked


def _typed(found: Deployment) -> dict[str, str]:
    """What stands in the form of a deployment that is there."""
    options = found.options
    return EMPTY | {
        "revision": found.revision,
        "engine": options.engine,
        "precision": options.precision,
        "context": str(options.context or ""),
        "cacheTokens": str(options.cache_tokens or ""),
        "keep": "yes" if found.keep else "",
        "flags": shlex.join(options.flags),
        "url": options.url,
        "remoteModel": options.remote_model,
    }
