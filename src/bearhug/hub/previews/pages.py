"""The frame in which documents are drawn: a page without an origin, so that nothing in a document reaches the hub."""

from starlette.responses import Response

from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row

POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "connect-src 'self'; img-src data: blob:; font-src data: blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


class PreviewPages:
    """What previews need beside the page of the file."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def rows(self) -> list[Row]:
        return [
            Row("GET", "/previews/document", self.frame, "The frame that draws a document", page=True, returns="HTML")
        ]

    def frame(self, call: Call) -> Response:
        return self._pages.render(call, "previews/frame.html", headers={"content-security-policy": POLICY})
