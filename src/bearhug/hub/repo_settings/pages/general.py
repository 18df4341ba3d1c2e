"""The first page of the settings: visibility, gate, switches, name, owner, history, end."""

from collections.abc import Callable

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.repos.wire import name_of

Form = dict[str, list[str]]
Deed = Callable[[Actor, Repo, Form], str]
SHUT = (RepoNotFound, Unauthenticated, Forbidden)
MISTYPED = "The name that you typed is not that of this repository."


class GeneralPage:
    """One page with a form for each deed."""

    def __init__(self, frame: Frame, repos: Repos, refs: Refs, profiles: Profiles) -> None:
        self._frame = frame
        self._repos = repos
        self._refs = refs
        self._profiles = profiles
        self._deeds: dict[str, Deed] = {
            "visibility": self._show,
            "gate": self._gate,
            "discussions": self._discuss,
            "rename": self._rename,
            "transfer": self._transfer,
            "squash": self._squash,
            "delete": self._delete,
        }

    def rows(self) -> list[Row]:
        path = "/{kind}/{ns}/{name}/settings"
        change = "Change, rename, move or delete a repository"
        return [
            Row("GET", path, self.form, "Settings of a repository", "owner", page=True, returns="HTML", refuses=SHUT),
            Row("POST", path, self.change, change, "owner", "form", page=True, returns="a redirect", refuses=SHUT),
        ]

    def form(self, call: Call) -> Response:
        return self._page(call, self._frame.band(call, Level.ADMIN))

    def change(self, call: Call) -> Response:
        band, form = self._frame.band(call, Level.ADMIN), call.form()
        deed = self._deeds.get(only(form, "deed"))
        if deed is None:
            raise BadRequest
        try:
            address = deed(self._frame.who(call), band.repo, form)
        except HubError as error:
            return self._page(call, band, error=error, typed={name: only(form, name)[:300] for name in form})
        return redirect(address, status=303)

    def _show(self, actor: Actor, repo: Repo, form: Form) -> str:
        private = only(form, "visibility") == "private"
        return _settings(self._repos.change_settings(actor, named(repo), private=private))

    def _gate(self, actor: Actor, repo: Repo, form: Form) -> str:
        return _settings(self._repos.change_settings(actor, named(repo), gated=only(form, "gated")))

    def _discuss(self, actor: Actor, repo: Repo, form: Form) -> str:
        off = only(form, "discussions") != "on"
        return _settings(self._repos.change_settings(actor, named(repo), discussions_disabled=off))

    def _rename(self, actor: Actor, repo: Repo, form: Form) -> str:
        target = RepoName(repo.kind, repo.owner, only(form, "name").strip())
        return _settings(self._repos.move(actor, named(repo), target))

    def _transfer(self, actor: Actor, repo: Repo, form: Form) -> str:
        refuse_mistyped(repo, form)
        target = RepoName(repo.kind, only(form, "owner").strip()[:96], repo.name)
        return wire.home(self._repos.move(actor, named(repo), target))

    def _squash(self, actor: Actor, repo: Repo, form: Form) -> str:
        refuse_mistyped(repo, form)
        branch, message = only(form, "branch")[:250], only(form, "message").strip()
        self._refs.squash(actor, named(repo), branch, message or None)
        return wire.at(repo, "commits", branch)

    def _delete(self, actor: Actor, repo: Repo, form: Form) -> str:
        refuse_mistyped(repo, form)
        self._repos.delete(actor, named(repo))
        return f"/{repo.owner}?deleted=true"

    def _page(
        self, call: Call, band: Band, *, error: HubError | None = None, typed: dict[str, str] | None = None
    ) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        branches = self._refs.list(actor, name, pulls=False).branches
        return self._frame.render(
            call,
            "repo_settings/general.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            typed=typed or {},
            branches=[branch.name for branch in branches[:200]],
            owners=self._owners(actor),
            tab="settings",
        )

    def _owners(self, actor: Actor) -> list[str]:
        """Names to pick from when a repository is handed over."""
        _, memberships, _ = self._profiles.oneself(actor)
        return [actor.name, *(membership.org.name for membership in memberships)]


def named(repo: Repo) -> RepoName:
    return RepoName(repo.kind, repo.owner, repo.name)


def refuse_mistyped(repo: Repo, form: Form) -> None:
    """What cannot be undone asks for the whole name."""
    if only(form, "typed").strip() != repo.full_name:
        raise BadRequest(MISTYPED)


def _settings(repo: Repo) -> str:
    return f"{wire.home(repo)}/settings?saved=true"
