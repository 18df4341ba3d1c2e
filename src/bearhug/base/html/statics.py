"""Style, script and pictures of the pages, each under an address that changes when its content does."""

import gzip
import re
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from starlette.responses import Response

from bearhug.base.errors import NotFound
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row

ROOT = Path(__file__).parent.parent.parent
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
SYMBOL = re.compile(r'<symbol id="([a-z-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
PACKED = {".woff2"}
"""Kinds that are packed already."""
REFUSED = {"0", "0.0", "0.00", "0.000"}


class Statics:
    """Files of every room's `static` folder, by `room/file`; read once and kept."""

    @cached_property
    def _files(self) -> dict[str, bytes]:
        folders = sorted(ROOT.glob("*/**/static"))
        return {
            f"{folder.parent.name}/{file.name}": file.read_bytes()
            for folder in folders
            for file in sorted(folder.iterdir())
            if file.suffix in TYPES
        }

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {name: sha256(content).hexdigest()[:12] for name, content in self._files.items()}

    def address(self, name: str) -> str:
        """Where a file is served; KeyError when there is none."""
        return f"/static/{self._digests[name]}/{name}"

    @cached_property
    def _drawings(self) -> dict[str, Markup]:
        texts = {name: content.decode() for name, content in self._files.items() if name.endswith(".svg")}
        symbols = {f"{name}#{key}": shapes for name, text in texts.items() for key, shapes in SYMBOL.findall(text)}
        return {name: Markup(text) for name, text in (texts | symbols).items()}  # noqa: S704 - files of ours

    def drawn(self, name: str) -> Markup:
        """A picture as part of a page, or one symbol of it (`room/file.svg#symbol`); KeyError when there is none.

        A browser makes a document of its own of each picture that it has to fetch, before it paints.
        """
        return self._drawings[name]

    def rows(self) -> list[Row]:
        summary = "Style, script and pictures of the pages"
        return [Row("GET", "/static/{digest}/{room}/{file}", self.file, summary, page=True, returns="the file")]

    def file(self, call: Call) -> Response:
        name = f"{call.params['room']}/{call.params['file']}"
        content = self._files.get(name)
        if content is None:
            raise NotFound("There is no such file.")
        is_present = call.params["digest"] == self._digests[name]
        headers = {"cache-control": "public, max-age=31536000, immutable" if is_present else "no-cache"}
        if Path(name).suffix not in PACKED:
            headers["vary"] = "accept-encoding"
            if _takes_gzip(call):
                headers["content-encoding"] = "gzip"
                content = _packed(content)
        return Response(content, 200, headers, TYPES[Path(name).suffix])


def _takes_gzip(call: Call) -> bool:
    """Whether the reader names gzip and does not refuse it."""
    offers = [offer.replace(" ", "") for offer in call.header("accept-encoding").lower().split(",")]
    return any(offer == "gzip" or (offer.startswith("gzip;q=") and offer[7:] not in REFUSED) for offer in offers)


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    """The content once packed; there are only so many files."""
    return gzip.compress(content, mtime=0)
