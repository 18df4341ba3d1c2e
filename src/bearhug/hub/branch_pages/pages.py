"""Branches and tags: lists, a form that makes one, and a question before one goes."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, HubError, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.branch_pages.service import RefViews
from bearhug.hub.file_pages.wire import MOST_PAGES
from bearhug.hub.refs.records import NewBranch, NewTag
from bearhug.hub.refs.service import HEADS, TAGS, Refs
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of
from bearhug.hub.sessions.pages import login_address

SHUT = (RepoNotFound, RevisionNotFound, Forbidden, BadRequest, Conflict)
LONGEST = 300


class BranchPages:
    """Two lists at `/branches` and `/tags`; whoever may write sees forms."""

    def __init__(self, frame: Frame, views: RefViews, refs: Refs) -> None:
        self._frame = frame
        self._views = views
        self._refs = refs

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        listed, asked, made = "Branches of a repository", "Ask before a branch or tag goes", "a redirect"
        gone = f"{one}/branches/delete"
        return [
            Row("GET", f"{one}/branches", self.branches, listed, "reader", page=True, returns="HTML"),
            Row("GET", f"{one}/tags", self.tags, "Tags of a repository", "reader", page=True, returns="HTML"),
            Row("POST", f"{one}/branches", self.create, "Make a branch", "writer", "form", made, SHUT, page=True),
            Row("POST", f"{one}/tags", self.create, "Make a tag", "writer", "form", made, SHUT, page=True),
            Row(
                "GET",
                gone,
                self.ask,
                asked,
                "writer",
                "none",
                "HTML",
                SHUT,
                page=True,
            ),
            Row("POST", gone, self.delete, "Delete a branch or a tag", "writer", "form", made, SHUT, page=True),
        ]

    def branches(self, call: Call) -> Response:
        return self._list(call, tags=False)

    def tags(self, call: Call) -> Response:
        return self._list(call, tags=True)

    def _list(self, call: Call, *, tags: bool, error: HubError | None = None) -> Response:
        named = (call.one("named") or "")[:200]
        page = call.number("p", 0, most=MOST_PAGES)
        found = self._views.page(self._frame.who(call), name_of(call), tags=tags, named=named, page=page)
        form = call.form() if error else {}
        return self._frame.render(
            call,
            "branch_pages/branches.html",
            self._frame.band(call),
            status=error.http_status if error else 200,
            found=found,
            tags=tags,
            named=named,
            error=error.message if error else "",
            sent={field: only(form, field) for field in ("name", "start", "message")},
            tab="files",
        )

    def create(self, call: Call) -> Response:
        actor, form = self._frame.who(call), call.form()
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        band = self._frame.band(call, Level.WRITE)
        tags = call.path.endswith("/tags")
        new, start = only(form, "name").strip(), only(form, "start").strip()[:LONGEST] or "main"
        try:
            if tags:
                message = only(form, "message").replace("\r\n", "\n").strip() or None
                self._refs.create_tag(actor, name_of(call), NewTag(new, start, message))
            else:
                self._refs.create_branch(actor, name_of(call), NewBranch(new, start=start))
        except HubError as error:
            return self._list(call, tags=tags, error=error)
        return redirect(f"{wire.home(band.repo)}/{'tags' if tags else 'branches'}", status=303)

    # deleting ----------------------------------------------------------------------------------------------

    def ask(self, call: Call) -> Response:
        if self._frame.who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        return self._question(call, (call.one("ref") or "")[:LONGEST])

    def delete(self, call: Call) -> Response:
        actor, ref = self._frame.who(call), only(call.form(), "ref")[:LONGEST]
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        band = self._frame.band(call, Level.WRITE)
        try:
            if ref.startswith(TAGS):
                self._refs.delete_tag(actor, name_of(call), ref.removeprefix(TAGS))
            else:
                self._refs.delete_branch(actor, name_of(call), ref.removeprefix(HEADS))
        except HubError as error:
            return self._question(call, ref, error=error)
        return redirect(f"{wire.home(band.repo)}/{'tags' if ref.startswith(TAGS) else 'branches'}", status=303)

    def _question(self, call: Call, ref: str, *, error: HubError | None = None) -> Response:
        band = self._frame.band(call, Level.WRITE)
        is_tag = ref.startswith(TAGS)
        short = ref.removeprefix(TAGS if is_tag else HEADS)
        found = self._views.page(self._frame.who(call), name_of(call), tags=is_tag, named=short, page=0)
        row = next((row for row in found.rows if row.ref.ref == ref), None)
        if row is None and error is None:
            raise RevisionNotFound(f"There is no {'tag' if is_tag else 'branch'} of this name.")
        return self._frame.render(
            call,
            "branch_pages/delete.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            row=row,
            ref=ref,
            short=short,
            is_tag=is_tag,
            tab="files",
        )
