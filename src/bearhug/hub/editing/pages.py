"""The pages that change files: an editor, a look at the difference, and the commit."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, EntryNotFound, Forbidden, HubError, RepoNotFound, RevisionNotFound
from bearhug.base.html import markdown
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import MIB, Answer, Row
from bearhug.formats import front_matter
from bearhug.hub.access.records import Level
from bearhug.hub.editing import wire as forms
from bearhug.hub.editing.records import Done, Edit, Opening
from bearhug.hub.editing.service import Editing, Overtaken
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.history_pages.drawing import drawn
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.wire import name_of
from bearhug.hub.sessions.pages import login_address

FORM = 4 * MIB
SHUT = (RepoNotFound, RevisionNotFound, EntryNotFound, Forbidden, BadRequest)
MARKDOWN = (".md", ".markdown")


class EditPages:
    """Write and move files; `new` ones at addresses of their own. `deed` of a form says what is wanted next."""

    def __init__(self, frame: Frame, editing: Editing, *, new: bool = False) -> None:
        self._frame = frame
        self._editing = editing
        self._new = new

    def rows(self) -> list[Row]:
        one, at = "/{kind}/{ns}/{name}", "{rev}/{path*}"
        if self._new:
            return [
                _row("GET", f"{one}/new/{at}", self.form, "The form that writes a new file"),
                _row("POST", f"{one}/new/{at}", self.send, "Look at a new file, or commit it"),
            ]
        return [
            _row("GET", f"{one}/edit/{at}", self.form, "The form that edits or moves a file"),
            _row("POST", f"{one}/edit/{at}", self.send, "Look at an edit, or commit it"),
        ]

    # the editor --------------------------------------------------------------------------------------------

    def form(self, call: Call) -> Response:
        if self._frame.who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        _, path = revision_and_path(call)
        band = self._frame.band(call, Level.WRITE)
        opening = self._open(call)
        folder = f"{path.strip('/')}/" if self._new and path.strip("/") else ""
        shown = {
            "path": (folder + (call.one("path") or "")[:1000]) if self._new else path,
            "text": (call.one("text") or "")[:10_000] if self._new else opening.text,
            "ends": opening.line_ends,
            "blob": "" if self._new else opening.blob,
            "parent": opening.commit,
        }
        return self._editor(call, band, opening, shown)

    def _open(self, call: Call) -> Opening:
        rev, path = revision_and_path(call)
        opening = self._editing.open(self._frame.who(call), name_of(call), rev, "" if self._new else path)
        if not self._new and (opening.entry is None or opening.entry.kind != "file"):
            raise EntryNotFound(f'"{path[:200]}" is no file that can be edited.')
        return opening

    def _editor(
        self, call: Call, band: Band, opening: Opening, shown: Mapping[str, Any], *, error: HubError | None = None
    ) -> Response:
        return self._page(call, band, "editing/edit.html", error, opening=opening, shown=shown, is_new=self._new)

    # looking and committing --------------------------------------------------------------------------------

    def send(self, call: Call) -> Response:
        if self._frame.who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        band, form = self._frame.band(call, Level.WRITE), call.form()
        rev, path = revision_and_path(call)
        edit = forms.edit_of(form, "" if self._new else path)
        deed = only(form, "deed")
        if deed == "back":
            return self._back(call, band, form, edit)
        if deed != "commit":
            return self._look(call, band, form, edit)
        try:
            message = forms.message_of(form, forms.words(edit))
            done = self._editing.commit(self._frame.who(call), name_of(call), rev, edit, message)
        except Overtaken:
            return self._look(call, band, form, edit)
        except HubError as error:
            return self._look(call, band, form, edit, error=error)
        return redirect(_address(band, done), status=303)

    def _back(self, call: Call, band: Band, form: forms.Form, edit: Edit) -> Response:
        rev, _ = revision_and_path(call)
        opening = self._editing.open(self._frame.who(call), name_of(call), rev, edit.old_path)
        shown = {
            "path": edit.path,
            "text": forms.text_of(form),
            "ends": only(form, "ends"),
            "blob": edit.blob,
            "parent": edit.parent,
        }
        return self._editor(call, band, opening, shown)

    def _look(self, call: Call, band: Band, form: forms.Form, edit: Edit, *, error: HubError | None = None) -> Response:
        """The difference and the commit box; also where the commit was refused, with the text as it was sent."""
        rev, _ = revision_and_path(call)
        actor, name = self._frame.who(call), name_of(call)
        opening = self._editing.open(actor, name, rev, edit.old_path)
        review = self._editing.review(actor, name, rev, edit)
        meanwhile = review.meanwhile
        text = forms.text_of(form)
        return self._page(
            call,
            band,
            "editing/look.html",
            error,
            status=409 if meanwhile else 200,
            opening=opening,
            edit=edit,
            text=text,
            ends=only(form, "ends"),
            review=review,
            hunks=drawn(review.hunks),
            theirs=drawn(meanwhile.hunks) if meanwhile else [],
            both=meanwhile.both.decode("utf-8", "replace") if meanwhile and meanwhile.both is not None else None,
            rendered=_rendered(band, rev, edit.path, text) if text is not None else None,
            default=forms.words(edit),
            sent={field: only(form, field) for field in ("summary", "description", "where", "branch")},
        )

    def _page(
        self, call: Call, band: Band, template: str, error: HubError | None, *, status: int = 200, **facts: Any
    ) -> Response:
        rev, path = revision_and_path(call)
        return self._frame.render(
            call,
            template,
            band,
            status=error.http_status if error else status,
            error=error.message if error else "",
            rev=rev,
            path=path.strip("/"),
            tab="files",
            **facts,
        )


class DeletePages:
    """Deleting a file or a folder, after a look at what goes."""

    def __init__(self, frame: Frame, editing: Editing) -> None:
        self._frame = frame
        self._editing = editing

    def rows(self) -> list[Row]:
        path = "/{kind}/{ns}/{name}/delete/{rev}/{path*}"
        return [
            _row("GET", path, self.form, "The form that deletes a file or a folder"),
            _row("POST", path, self.delete, "Delete a file or a folder"),
        ]

    def form(self, call: Call) -> Response:
        if self._frame.who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        return self._page(call)

    def delete(self, call: Call) -> Response:
        actor, form = self._frame.who(call), call.form()
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        rev, path = revision_and_path(call)
        path = path.strip("/")
        band = self._frame.band(call, Level.WRITE)
        try:
            message = forms.message_of(form, f"Delete {path}"[: forms.LONGEST_SUMMARY])
            done = self._editing.delete(actor, name_of(call), rev, path, forms.oid_of(form, "parent"), message)
        except HubError as error:
            return self._page(call, error=error)
        return redirect(wire.at(band.repo, "tree", done.branch, done.path), status=303)

    def _page(self, call: Call, *, error: HubError | None = None) -> Response:
        rev, path = revision_and_path(call)
        path, form = path.strip("/"), call.form()
        band = self._frame.band(call, Level.WRITE)
        opening = self._editing.open(self._frame.who(call), name_of(call), rev, path)
        if opening.entry is None and error is None:
            raise EntryNotFound(f'"{path[:200]}" is not there.')
        return self._frame.render(
            call,
            "editing/delete.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            opening=opening,
            count=self._editing.count(opening),
            default=f"Delete {path}"[: forms.LONGEST_SUMMARY],
            sent={field: only(form, field) for field in ("summary", "description", "where", "branch")},
            rev=rev,
            path=path,
            tab="files",
        )


def _row(method: str, path: str, answer: Answer, summary: str) -> Row:
    body, returns = ("none", "HTML") if method == "GET" else ("form", "HTML, or a redirect after a commit")
    limit = MIB if method == "GET" else FORM
    return Row(method, path, answer, summary, "writer", body, returns, SHUT, limit, page=True)  # type: ignore[arg-type]


def _address(band: Band, done: Done) -> str:
    return wire.at(band.repo, "blob", done.branch, done.path)


def _rendered(band: Band, rev: str, path: str, text: str) -> markdown.Text | None:
    if not path.lower().endswith(MARKDOWN):
        return None
    folder = path.rpartition("/")[0]
    return markdown.render(front_matter.cut(text).body, wire.place(band.repo, rev, folder))
