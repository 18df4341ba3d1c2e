"""Folders of a repository at a revision."""

from markupsafe import Markup
from starlette.responses import Response

from bearhug.base.html import markdown
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.formats import front_matter
from bearhug.hub.file_pages.records import Readme
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.file_pages.wire import MOST_PAGES, REFUSALS
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.wire import name_of


class TreePage:
    """Entries with size and last commit, a hundred to a page, and the folder's own text below them."""

    def __init__(self, frame: Frame, views: FileViews) -> None:
        self._frame = frame
        self._views = views

    def rows(self) -> list[Row]:
        summary = "The page of a folder"
        path = "/{kind}/{ns}/{name}/tree/{rev}/{path*}"
        return [Row("GET", path, self.tree, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def tree(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        band = self._frame.band(call)
        folder = self._views.folder(actor, name, rev, path.strip("/"), page=call.number("p", 0, most=MOST_PAGES))
        spot = folder.spot
        return self._frame.render(
            call,
            "file_pages/tree.html",
            band,
            folder=folder,
            spot=spot,
            refs=spot.refs,
            readme=_rendered(folder.readme, band.repo, rev) if folder.readme else None,
            rev=rev,
            path=spot.path,
            view="tree",
            tab="files",
        )


def _rendered(readme: Readme, repo: Repo, rev: str) -> markdown.Text:
    """Markdown as a card is shown; other texts as they are."""
    if not readme.path.lower().endswith((".md", ".markdown")):
        return markdown.Text(Markup("<pre>{}</pre>").format(readme.text))
    folder = readme.path.rpartition("/")[0]
    return markdown.render(front_matter.cut(readme.text).body, wire.place(repo, rev, folder))
