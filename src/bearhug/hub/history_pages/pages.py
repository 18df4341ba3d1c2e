"""The history of a repository: lists of commits, what one commit changed, and two revisions side by side."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError, NotFound, RevisionNotFound, Unprocessable
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Answer, Row
from bearhug.formats.file_names import meant
from bearhug.hub.file_pages.wire import MOST_PAGES, REFUSALS
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.history.records import Entered, Spec
from bearhug.hub.history.wire import wanted_spec
from bearhug.hub.history_pages.records import Window
from bearhug.hub.history_pages.service import Differences
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repo_pages.service import Sources
from bearhug.hub.repos.wire import name_of

ROWS = 50
LONGEST_NAME = 300


class HistoryPages:
    """Histories of a branch, a folder or a file; commits; comparisons."""

    def __init__(self, frame: Frame, sources: Sources) -> None:
        self._frame = frame
        self._sources = sources
        self._differences = Differences(sources.history)

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        listed = "The history of a branch, a folder or a file"
        changed = "What a commit changed; with .diff or .patch behind its id as text"
        shut = (*REFUSALS, NotFound)
        pairs = (*REFUSALS, BadRequest, Unprocessable)
        return [
            _page(f"{one}/commits/{{rev}}/{{path*}}", self.commits, listed, REFUSALS),
            _page(f"{one}/commit/{{oid}}", self.commit, changed, shut),
            _page(f"{one}/compare", self.choose, "Choose two revisions to compare", REFUSALS),
            _page(f"{one}/compare/{{spec*}}", self.compare, "Two revisions side by side", pairs),
        ]

    def commits(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        page = call.number("p", 0, most=MOST_PAGES)
        band = self._frame.band(call)
        found = self._sources.history.commits(actor, name, rev, page=page, limit=ROWS, path=path.strip("/"))
        return self._frame.render(
            call,
            "history_pages/commits.html",
            band,
            found=found,
            days=_by_day(found.commits),
            refs=self._sources.refs.list(actor, name, pulls=False),
            page=page,
            rev=rev,
            path=path.strip("/"),
            view="commits",
            tab="commits",
        )

    def commit(self, call: Call) -> Response:
        actor, name, oid = self._frame.who(call), name_of(call), call.params["oid"]
        if oid.endswith(".diff"):
            return _text(self._differences.raw(actor, name, oid.removesuffix(".diff")))
        if oid.endswith(".patch"):
            return _text(self._differences.mail(actor, name, oid.removesuffix(".patch")))
        band, window = self._frame.band(call), _window(call)
        entered, difference = self._differences.commit(actor, name, oid, window)
        return self._frame.render(
            call,
            "history_pages/commit.html",
            band,
            entered=entered,
            difference=difference,
            window=window,
            here=wire.at(band.repo, "commit", entered.commit.oid),
            tab="commits",
        )

    def choose(self, call: Call) -> Response:
        band = self._frame.band(call)
        base, head = (call.one("base") or "")[:LONGEST_NAME], (call.one("head") or "")[:LONGEST_NAME]
        if base and head:
            return redirect(wire.at(band.repo, "compare", f"{base}...{head}"), status=302)
        refs = self._differences.refs(self._frame.who(call), name_of(call))
        return self._choosing(call, band, refs=refs, base=base or "main", head=head)

    def compare(self, call: Call) -> Response:
        spec = wanted_spec(call.params["spec"])
        if spec.base is None:
            spec = Spec("main", spec.head, from_fork=True)
        actor, name, window = self._frame.who(call), name_of(call), _window(call)
        band = self._frame.band(call)
        try:
            found = self._differences.compare(actor, name, spec, window)
        except (RevisionNotFound, Unprocessable) as error:
            refs = self._differences.refs(actor, name)
            return self._choosing(call, band, refs=refs, base=spec.base or "", head=spec.head, error=error)
        dots = "..." if spec.from_fork else ".."
        return self._frame.render(
            call,
            "history_pages/compare.html",
            band,
            found=found,
            refs=found.refs,
            spec=spec,
            window=window,
            difference=found.difference,
            here=wire.at(band.repo, "compare", f"{spec.base}{dots}{spec.head}"),
            other=wire.at(band.repo, "compare", f"{spec.base}{'..' if spec.from_fork else '...'}{spec.head}"),
            tab="commits",
        )

    def _choosing(self, call: Call, band: Band, *, error: HubError | None = None, **facts: object) -> Response:
        return self._frame.render(
            call,
            "history_pages/choose.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            tab="commits",
            **facts,
        )


def _page(path: str, answer: Answer, summary: str, refuses: Sequence[type[HubError]]) -> Row:
    return Row("GET", path, answer, summary, audience="reader", page=True, returns="HTML", refuses=refuses)


def _window(call: Call) -> Window:
    only = meant((call.one("file") or "")[:4096])
    return Window(call.number("p", 0, most=MOST_PAGES), only, call.one("view") == "split")


def _by_day(commits: Iterable[Entered]) -> list[tuple[date, list[Entered]]]:
    return [(day, list(some)) for day, some in groupby(commits, key=lambda entered: entered.commit.date.date())]


def _text(content: bytes) -> Response:
    headers = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}
    return Response(content, 200, headers, "text/plain; charset=utf-8")
