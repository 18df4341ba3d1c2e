"""The page that takes files in."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.formats.paths import PathError, check_path
from bearhug.hub.access.records import Level
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of
from bearhug.hub.sessions.pages import login_address

ADDRESS = "/{kind}/{ns}/{name}/upload/{rev}/{path*}"
REFUSALS = (RepoNotFound, RevisionNotFound, Forbidden, BadRequest)


class UploadPages:
    """Choose files, see them travel, name the commit."""

    def __init__(self, frame: Frame, refs: Refs) -> None:
        self._frame = frame
        self._refs = refs

    def rows(self) -> list[Row]:
        summary = "The page that takes files in"
        return [Row("GET", ADDRESS, self.form, summary, "writer", page=True, returns="HTML", refuses=REFUSALS)]

    def form(self, call: Call) -> Response:
        return self.page(call)

    def page(self, call: Call, error: HubError | None = None) -> Response:
        """The form, below it what went wrong with the one before."""
        actor = self._frame.who(call)
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        band = self._frame.band(call, Level.WRITE)
        rev, folder = target(call)
        branches = [ref.name for ref in self._refs.list(actor, name_of(call), pulls=False).branches]
        if rev not in branches:
            raise RevisionNotFound(f"Files can be brought to a branch only, and {rev[:100]} is none.")
        repo = band.repo
        return self._frame.render(
            call,
            "uploads/upload.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            rev=rev,
            folder=folder,
            branches=branches,
            api=f"/{repo.api_path}",
            batch=f"{wire.home(repo)}/info/lfs/objects/batch",
            tab="files",
        )


def target(call: Call) -> tuple[str, str]:
    """Branch and folder of the address."""
    rev, folder = revision_and_path(call)
    folder = folder.strip("/")
    try:
        return rev, check_path(folder) if folder else ""
    except PathError as error:
        raise BadRequest(f"This folder cannot be in a repository: {error}") from error
