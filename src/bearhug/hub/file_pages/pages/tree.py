"""Folders of a repository at a revision."""

from starlette.responses import Response

from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.file_pages.wire import REFUSALS
from bearhug.hub.files.records import FileEntry
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.history.records import CommitPage
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.service import Sources
from bearhug.hub.repos.wire import name_of

ROWS = 100


class TreePage:
    """Entries with size and last commit, a hundred to a page."""

    def __init__(self, frame: Frame, sources: Sources) -> None:
        self._frame = frame
        self._sources = sources

    def rows(self) -> list[Row]:
        summary = "The page of a folder"
        path = "/{kind}/{ns}/{name}/tree/{rev}/{path*}"
        return [Row("GET", path, self.tree, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def tree(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        path = path.strip("/")
        band = self._frame.band(call)
        page = self._sources.files.tree(
            actor, name, rev, path, recursive=False, expand=True, limit=ROWS, after=call.one("after") or ""
        )
        newest: CommitPage | None = None
        if not path:
            newest = self._sources.history.commits(actor, name, rev, limit=1)
        return self._frame.render(
            call,
            "file_pages/tree.html",
            band,
            entries=sorted(page.entries, key=_folders_first),
            cursor=page.cursor,
            newest=newest,
            size=self._sources.history.folder_size(actor, name, rev, path),
            refs=self._sources.refs.list(actor, name, pulls=False),
            rev=rev,
            path=path,
            view="tree",
            tab="files",
        )


def _folders_first(item: FileEntry) -> tuple[bool, str]:
    return item.entry.kind == "file", item.entry.path
