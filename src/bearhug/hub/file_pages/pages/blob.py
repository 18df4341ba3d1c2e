"""One file of a repository: its text, its picture, or what is known of it."""

import shlex
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from bearhug.base.content import Content
from bearhug.base.errors import EntryNotFound
from bearhug.base.html import code, markdown
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.formats import front_matter
from bearhug.hub.file_pages.records import File
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.file_pages.wire import REFUSALS, destination
from bearhug.hub.files.media import media_type
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band, Looked, Preview
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.wire import name_of

LARGEST_TEXT = 1_000_000
MOST_LINES = 20_000
MARKDOWN = (".md", ".markdown")
ASKED = ("plain", "row", "group", "separator")
MEDIA = ("image/", "audio/", "video/")
DRAWING = "image/svg+xml"
DOCUMENT = "application/pdf"


@dataclass(frozen=True)
class Shown:
    """What a page shows of a file: text, card, image, audio, video, large, binary, link, submodule or lost."""

    kind: str
    lines: tuple[Markup, ...] = ()
    text: markdown.Text | None = None
    target: str = ""
    leads_to: str | None = None
    is_text: bool = False


class BlobPage:
    """A file as people look at it; nothing of it runs in the page."""

    def __init__(self, frame: Frame, views: FileViews) -> None:
        self._frame = frame
        self._views = views

    def rows(self) -> list[Row]:
        summary = "The page of a file"
        path = "/{kind}/{ns}/{name}/blob/{rev}/{path*}"
        return [Row("GET", path, self.blob, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def blob(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        band = self._frame.band(call)
        try:
            file = self._views.file(actor, name, rev, path)
        except EntryNotFound:
            if self._views.is_folder(actor, name, rev, path.strip("/")):
                return redirect(wire.at(band.repo, "tree", rev, path.strip("/")), status=302)
            raise
        drawing, preview = self._preview(call, band, file)
        return self._frame.render(
            call,
            "file_pages/blob.html",
            band,
            file=file,
            spot=file.spot,
            found=file.found,
            shown=shown(file, band.repo, plain=call.flag("plain")),
            drawing=drawing,
            preview=preview,
            has_source=path.lower().endswith((*MARKDOWN, *self._previewed())),
            refs=file.spot.refs,
            fetching=fetching(band.repo, rev, path, call.base_url),
            rev=rev,
            path=path,
            view="blob",
            tab="files",
        )

    def _preview(self, call: Call, band: Band, file: File) -> tuple[Preview | None, object]:
        """The first preview that has something to show of the file."""
        if file.found is None or file.is_link:
            return None, None
        asked = {name: value[:20] for name in ASKED if (value := call.one(name))}
        looked = Looked(band, file.found, file.spot.rev, asked)
        drawn = ((one, one.facts(self._frame.who(call), looked)) for one in self._frame.slots.previews)
        return next(((one, facts) for one, facts in drawn if facts is not None), (None, None))

    def _previewed(self) -> list[str]:
        """Endings of texts that are shown in another way than as text."""
        return [ending for one in self._frame.slots.previews for ending in one.endings]


def shown(file: File, repo: Repo, *, plain: bool) -> Shown:
    """What there is to see."""
    path, rev = file.spot.path, file.spot.rev
    if file.is_submodule:
        return Shown("submodule")
    if file.found is None:
        return Shown("lost")
    if file.is_link:
        target = (_text(_head(file.found.content)) or "")[:1000]
        leads = destination(path, target)
        return Shown("link", target=target, leads_to=wire.at(repo, "blob", rev, leads) if leads else None)
    media = media_type(path)
    if media.startswith(MEDIA) and media != DRAWING:
        return Shown(media.partition("/")[0])
    text = _text(_head(file.found.content)) if file.found.content.size <= LARGEST_TEXT else ""
    if text is None or (media == DOCUMENT and text.lstrip().startswith("%PDF-")):
        return Shown("binary")
    return _of_text(text, file, repo, plain=plain) if text or not file.found.content.size else Shown("large")


def _of_text(text: str, file: File, repo: Repo, *, plain: bool) -> Shown:
    path = file.spot.path
    if media_type(path) == DRAWING and not plain:
        return Shown("image", is_text=True)
    if path.lower().endswith(MARKDOWN) and not plain:
        return _card(text, repo, file.spot.rev, path)
    return _source(text, path)


def fetching(repo: Repo, rev: str, path: str, url: str) -> str:
    """Commands that fetch one file, as a shell takes them whatever its name is."""
    words = ["hf", "download", repo.full_name, path]
    words += ["--repo-type", repo.kind] if repo.kind != "model" else []
    words += ["--revision", rev] if rev != "main" else []
    return f"{shlex.join(words)}\ncurl -L -O {shlex.quote(url + wire.at(repo, 'resolve', rev, path))}"


def _source(text: str, path: str) -> Shown:
    if text.count("\n") > MOST_LINES:
        return Shown("large", is_text=True)
    lines = code.lines(text, path.rpartition("/")[2])
    return Shown("text", tuple(Markup(line) for line in lines), is_text=True)  # noqa: S704 - escaped by the formatter


def _card(text: str, repo: Repo, rev: str, path: str) -> Shown:
    parts = front_matter.cut(text)
    rendered = markdown.render(parts.body, wire.place(repo, rev, path.rpartition("/")[0]))
    return Shown("card", text=rendered, is_text=True)


def _head(content: Content) -> bytes:
    """The bytes of a content up to what is shown, however they are kept."""
    size = min(content.size, LARGEST_TEXT)
    if content.blocks is not None and content.read is None and content.path is None:
        return b"".join(content.blocks(0, size))
    return content.read_at(0, size)


def _text(data: bytes) -> str | None:
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
