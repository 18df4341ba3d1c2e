"""Forms for new models, datasets and Spaces, and for duplicates; what was typed stays when something is wrong."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, GatedRepo, HubError, RepoNotFound, Unauthenticated
from bearhug.base.html import languages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import may_create_in
from bearhug.hub.cards.vocabulary import LICENCES
from bearhug.hub.copies.service import Copies
from bearhug.hub.creation import licences, starts
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import NewRepo, Repos
from bearhug.hub.repos.wire import name_of
from bearhug.hub.sessions.pages import login_address

PATHS = {"/new": "model", "/new-dataset": "dataset", "/new-space": "space"}
TYPED = ("owner", "name", "licence", "visibility", "start")


class CreationPages:
    """One form for each kind, and one for a copy of what is there."""

    def __init__(self, frame: Frame, repos: Repos, copies: Copies, profiles: Profiles) -> None:
        self._frame = frame
        self._repos = repos
        self._copies = copies
        self._profiles = profiles

    def rows(self) -> list[Row]:
        found = []
        for path, kind in PATHS.items():
            about = f"The form that makes a {kind} repository"
            made = f"Make a {kind} repository"
            found += [
                Row("GET", path, self.form, about, audience="user", page=True, returns="HTML"),
                Row("POST", path, self.create, made, "user", "form", "a redirect", _SHUT, page=True),
            ]
        copy, about = "/{kind}/{ns}/{name}/duplicate", "Duplicate a repository"
        return [
            *found,
            Row("GET", copy, self.copy_form, f"{about}: the form", "user", page=True, returns="HTML", refuses=_GONE),
            Row("POST", copy, self.copy, about, "user", "form", "a redirect", (*_GONE, *_SHUT), page=True),
        ]

    # new ones ------------------------------------------------------------------------------------------------

    def form(self, call: Call) -> Response:
        actor = self._frame.who(call)
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        return self._new(call, actor, {name: (call.one(name) or "")[:96] for name in ("owner", "name")})

    def create(self, call: Call) -> Response:
        actor, form = self._frame.who(call), call.form()
        kind, shown = PATHS[call.path], {name: only(form, name).strip()[:200] for name in TYPED}
        try:
            repo = self._repos.create(actor, _asked(call, kind, shown))
        except HubError as error:
            if actor.is_anonymous:
                raise
            return self._new(call, actor, shown, error=error)
        return redirect(wire.home(repo), status=303)

    def _new(self, call: Call, actor: Actor, shown: Mapping[str, str], *, error: HubError | None = None) -> Response:
        kind = PATHS[call.path]
        usual = {"licence": "", "visibility": "public", "start": starts.STARTS[kind][0].key}
        return self._frame.pages.render(
            call,
            "creation/new.html",
            kind=kind,
            owners=self._owners(actor),
            shown={**usual, **shown},
            common=licences.COMMON,
            licences={one: licences.name_of(one) for one in sorted(LICENCES - licences.COMMON.keys())},
            starts=starts.STARTS[kind],
            **_said(error),
        )

    # copies --------------------------------------------------------------------------------------------------

    def copy_form(self, call: Call) -> Response:
        actor, band = self._frame.who(call), self._frame.band(call)
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        shown = {"owner": actor.name, "name": band.repo.name, "visibility": _word(private=band.repo.private)}
        return self._copy(call, actor, band, shown)

    def copy(self, call: Call) -> Response:
        actor, band, form = self._frame.who(call), self._frame.band(call), call.form()
        shown = {name: only(form, name).strip()[:200] for name in ("owner", "name", "visibility")}
        target = RepoName(band.repo.kind, shown["owner"], shown["name"])
        try:
            copy = self._copies.duplicate(actor, name_of(call), target, private=shown["visibility"] == "private")
        except HubError as error:
            if actor.is_anonymous:
                raise
            return self._copy(call, actor, band, shown, error=error)
        return redirect(wire.home(copy), status=303)

    def _copy(
        self, call: Call, actor: Actor, band: Band, shown: Mapping[str, str], *, error: HubError | None = None
    ) -> Response:
        return self._frame.render(
            call,
            "creation/copy.html",
            band,
            owners=self._owners(actor),
            shown=shown,
            tab="",
            **_said(error),
        )

    def _owners(self, actor: Actor) -> list[str]:
        """Where the actor may create repositories, themselves first."""
        _, memberships, _ = self._profiles.oneself(actor)
        orgs = [one.org for one in memberships if may_create_in(actor, one.org.id, one.org.name, is_org=True)]
        return [actor.name, *(org.name for org in orgs)]


def _asked(call: Call, kind: str, shown: Mapping[str, str]) -> NewRepo:
    start, licence = starts.start_of(kind, shown["start"]), shown["licence"]
    if start is None or (licence and licence not in LICENCES):
        raise BadRequest
    name = shown["name"]
    files = starts.seeds(kind, start, name=name, licence=licence, language=languages.wanted(call))
    private = shown["visibility"] == "private"
    sdk = start.sdk or None
    return NewRepo(kind, name, shown["owner"], private=private, licence=licence or None, sdk=sdk, files=files)


def _said(error: HubError | None) -> dict[str, Any]:
    return {"status": error.http_status if error else 200, "error": error.message if error else ""}


def _word(*, private: bool) -> str:
    return "private" if private else "public"


_SHUT = (Unauthenticated, Forbidden, BadRequest, Conflict)
_GONE = (RepoNotFound, GatedRepo)
