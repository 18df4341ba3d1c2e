"""Moving a folder to another path, in one commit."""

from starlette.responses import Response

from bearhug.base.errors import EntryNotFound, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.editing import wire as forms
from bearhug.hub.editing.pages import SHUT
from bearhug.hub.editing.service import Editing
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of
from bearhug.hub.sessions.pages import login_address


class MovePages:
    """A form with the new path and the words of the commit."""

    def __init__(self, frame: Frame, editing: Editing) -> None:
        self._frame = frame
        self._editing = editing

    def rows(self) -> list[Row]:
        path, shut = "/{kind}/{ns}/{name}/move/{rev}/{path*}", SHUT
        form, move = "The form that moves a folder", "Move a folder"
        return [
            Row("GET", path, self.form, form, "writer", page=True, returns="HTML", refuses=shut),
            Row("POST", path, self.move, move, "writer", "form", "a redirect", shut, page=True),
        ]

    def form(self, call: Call) -> Response:
        return redirect(login_address(call), status=303) if self._frame.who(call).is_anonymous else self._page(call)

    def move(self, call: Call) -> Response:
        actor, form = self._frame.who(call), call.form()
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        band, (rev, path) = self._frame.band(call, Level.WRITE), revision_and_path(call)
        old, new = path.strip("/"), only(form, "path").strip().strip("/")[: forms.LONGEST_PATH]
        try:
            message = forms.message_of(form, f"Move {old} to {new}"[: forms.LONGEST_SUMMARY])
            done = self._editing.move(actor, name_of(call), rev, old, new, message)
        except HubError as error:
            return self._page(call, error=error)
        return redirect(wire.at(band.repo, "tree", done.branch, done.path), status=303)

    def _page(self, call: Call, *, error: HubError | None = None) -> Response:
        rev, path = revision_and_path(call)
        path, form = path.strip("/"), call.form()
        band = self._frame.band(call, Level.WRITE)
        opening = self._editing.open(self._frame.who(call), name_of(call), rev, path)
        if opening.entry is None or opening.entry.kind != "directory":
            raise EntryNotFound(f'"{path[:200]}" is not there.')
        return self._frame.render(
            call,
            "editing/move.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            opening=opening,
            count=self._editing.count(opening),
            typed=only(form, "path")[:1000] or path,
            default=f"Move {path}"[: forms.LONGEST_SUMMARY],
            sent={field: only(form, field) for field in ("summary", "description", "where", "branch")},
            rev=rev,
            path=path,
            tab="files",
        )
