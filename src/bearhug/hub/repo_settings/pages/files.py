"""The large files of a repository by size, and their end."""

import re

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.lfs_files.service import LfsFiles
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repo_settings.pages.general import named, refuse_mistyped
from bearhug.hub.repos.wire import name_of
from bearhug.hub.storage.service import Storage

ROWS = 50
MOST_ROWS = 1_000_000
SHUT = (RepoNotFound, Unauthenticated, Forbidden)
_OID = re.compile(r"[0-9a-f]{64}\Z")


class FilesPage:
    """What the history of a repository keeps on the disk."""

    def __init__(self, frame: Frame, files: LfsFiles, stored: Storage) -> None:
        self._frame = frame
        self._files = files
        self._stored = stored

    def rows(self) -> list[Row]:
        path, about = "/{kind}/{ns}/{name}/settings/files", "Large files of a repository by size"
        end = "Delete large files for good"
        return [
            Row("GET", path, self.listing, about, "owner", page=True, returns="HTML", refuses=SHUT),
            Row("POST", path, self.delete, end, "owner", "form", page=True, returns="a redirect", refuses=SHUT),
        ]

    def listing(self, call: Call) -> Response:
        return self._page(call, self._frame.band(call, Level.ADMIN))

    def delete(self, call: Call) -> Response:
        band, form = self._frame.band(call, Level.ADMIN), call.form()
        oids = [oid for oid in form.get("oid", [])[:ROWS] if _OID.match(oid)]
        try:
            if not oids:
                raise BadRequest("Tick the files to delete.")
            refuse_mistyped(band.repo, form)
            rewrite = "rewrite" in form
            self._files.delete(self._frame.who(call), named(band.repo), oids, rewrite_history=rewrite)
        except HubError as error:
            return self._page(call, band, error=error, ticked=oids, typed=only(form, "typed")[:200])
        return redirect(f"{wire.home(band.repo)}/settings/files", status=303)

    def _page(
        self,
        call: Call,
        band: Band,
        *,
        error: HubError | None = None,
        ticked: list[str] | None = None,
        typed: str = "",
    ) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        skip = call.number("skip", 0, most=MOST_ROWS)
        files, more = self._files.largest(actor, name, skip=skip, limit=ROWS)
        return self._frame.render(
            call,
            "repo_settings/files.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            files=files,
            following=skip + ROWS if more else 0,
            skip=skip,
            account=self._stored.of_repo(actor, name),
            ticked=ticked or [],
            typed=typed,
            tab="settings",
        )
