"""One file of a repository: its text, its picture, or what is known of it."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from bearhug.base.content import Content
from bearhug.base.html import code, markdown
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.formats import front_matter
from bearhug.hub.file_pages.wire import REFUSALS
from bearhug.hub.files.media import media_type
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Looked
from bearhug.hub.repo_pages.service import Sources
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.wire import name_of

LARGEST_TEXT = 1_000_000
MOST_LINES = 20_000
MARKDOWN = (".md", ".markdown")
MEDIA = ("image/", "audio/", "video/")


@dataclass(frozen=True)
class Shown:
    """What a page shows of a file: `kind` is text, card, image, audio, video, large or binary."""

    kind: str
    lines: tuple[Markup, ...] = ()
    text: markdown.Text | None = None


class BlobPage:
    """A file as people look at it; nothing of it runs in the page."""

    def __init__(self, frame: Frame, sources: Sources) -> None:
        self._frame = frame
        self._sources = sources

    def rows(self) -> list[Row]:
        summary = "The page of a file"
        path = "/{kind}/{ns}/{name}/blob/{rev}/{path*}"
        return [Row("GET", path, self.blob, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def blob(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        band = self._frame.band(call)
        found = self._sources.files.resolve(actor, name, rev, path)
        history = self._sources.history.commits(actor, name, found.commit, limit=1, path=path)
        looked = Looked(band, found, rev)
        drawn = ((one, one.facts(actor, looked)) for one in self._frame.slots.previews)
        drawing, preview = next(((one, facts) for one, facts in drawn if facts is not None), (None, None))
        shown = _shown(found.content, band.repo, rev, path, plain=call.flag("plain"))
        return self._frame.render(
            call,
            "file_pages/blob.html",
            band,
            found=found,
            shown=shown,
            drawing=drawing,
            preview=preview,
            newest=history,
            is_markdown=path.lower().endswith(MARKDOWN),
            refs=self._sources.refs.list(actor, name, pulls=False),
            rev=rev,
            path=path,
            view="blob",
            tab="files",
        )


def _shown(content: Content, repo: Repo, rev: str, path: str, *, plain: bool) -> Shown:
    media = media_type(path)
    if media.startswith(MEDIA):
        return Shown(media.partition("/")[0])
    if content.size > LARGEST_TEXT:
        return Shown("large")
    text = _text(content.read_at(0, content.size))
    if text is None:
        return Shown("binary")
    if path.lower().endswith(MARKDOWN) and not plain:
        parts = front_matter.cut(text)
        folder = path.rpartition("/")[0]
        return Shown("card", text=markdown.render(parts.body, wire.place(repo, rev, folder)))
    if text.count("\n") > MOST_LINES:
        return Shown("large")
    lines = code.lines(text, path.rpartition("/")[2])
    return Shown("text", tuple(Markup(line) for line in lines))  # noqa: S704 - escaped by the formatter


def _text(data: bytes) -> str | None:
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
