"""The frame in which diagrams of cards are drawn: it runs scripts, and has no rights to anything else."""

from starlette.responses import Response

from bearhug.base.html.statics import Statics
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row

PATH = "/static/diagrams"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-scripts"
)


class DiagramFrame:
    """An empty page with the program that draws; it is loaded only by pages that show a diagram."""

    def __init__(self, statics: Statics) -> None:
        self._statics = statics

    def rows(self) -> list[Row]:
        return [Row("GET", PATH, self.frame, "The frame that draws diagrams", page=True, returns="HTML")]

    def frame(self, _call: Call) -> Response:
        scripts = (self._statics.address(f"html/{name}.js") for name in ("mermaid.min", "diagram-frame"))
        tags = "".join(f'<script src="{address}" defer></script>' for address in scripts)
        text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagrams</title>{tags}</html>'
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache", "referrer-policy": "no-referrer"}
        return Response(text, 200, headers, "text/html")
