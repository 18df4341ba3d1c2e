"""Tokens, grants, queries, reconstructions and parts of xorbs."""

from collections.abc import Sequence

from starlette.responses import Response

from bearhug.base.errors import (
    BadRequest,
    EntryNotFound,
    Forbidden,
    GatedRepo,
    NotFound,
    RangeNotSatisfiable,
    RepoNotFound,
    TooLarge,
    Unauthenticated,
)
from bearhug.base.http.answers import json_answer
from bearhug.base.http.byteranges import PartsAnswer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Answer, Audience, Row
from bearhug.base.http.sendfile import FileAnswer
from bearhug.hub.access.who import Who
from bearhug.hub.repos.wire import name_of
from bearhug.hub.xet import wire
from bearhug.hub.xet.records import Range, Scope, Visit
from bearhug.hub.xet.room import full_disk_told
from bearhug.hub.xet.service import PREFIX, Xet

STORE = PREFIX + "/{ns}/{epoch}"
FOREVER = "private, max-age=31536000, immutable"


class XetApi:
    """What clients of Xet ask, apart from sending bytes."""

    def __init__(self, xet: Xet, who: Who) -> None:
        self._xet = xet
        self._who = who

    def rows(self) -> list[Row]:
        return [*self._token_rows(), *self._sending_rows(), *self._fetching_rows()]

    def _token_rows(self) -> list[Row]:
        return [
            _token_row(Scope.READ, self.read_token, "A token to fetch chunks of the repository", "reader"),
            _token_row(Scope.WRITE, self.write_token, "A token to send chunks to the repository", "writer"),
        ]

    def _sending_rows(self) -> list[Row]:
        refuses = (Unauthenticated, Forbidden, BadRequest, NotFound, TooLarge)
        grants = "Ask for a place to send a xorb to"
        return [
            Row(
                "POST",
                f"{STORE}/v1/xorb-grants/{{prefix}}/{{xorb}}",
                self.grant,
                grants,
                audience="signed-url",
                body="json",
                returns="{id, method, url, headers}, or 200 when the xorb is there",
                refuses=refuses,
            ),
            Row(
                "POST",
                f"{STORE}/v1/xorb-commits/{{prefix}}/{{xorb}}/grant/{{id}}",
                self.commit,
                "Say that a xorb was sent",
                audience="signed-url",
                body="json",
                refuses=refuses,
            ),
            Row("POST", "/v1/telemetry", _swallow, "Taken and thrown away", body="bytes"),
            Row("POST", f"{STORE}/v1/telemetry", _swallow, "Taken and thrown away", body="bytes"),
        ]

    def _fetching_rows(self) -> list[Row]:
        paths: list[tuple[str, Answer]] = [
            ("v2/reconstructions", self.reconstruction_v2),
            ("v1/reconstructions", self.reconstruction_v1),
            ("reconstructions", self.reconstruction_v1),
            ("reconstruction", self.reconstruction_v1),
        ]
        return [
            *(
                Row(
                    "GET",
                    f"{STORE}/{path}/{{file}}",
                    answer,
                    "Which parts of which xorbs make a range of a file",
                    audience="signed-url",
                    returns="terms, and where to fetch them",
                    refuses=(Unauthenticated, BadRequest, NotFound, RangeNotSatisfiable),
                )
                for path, answer in paths
            ),
            Row(
                "GET",
                wire.DATA + "/{xorb}",
                self.body,
                "Parts of a xorb by a signed address",
                audience="signed-url",
                returns="the bytes, as 206; several ranges as multipart/byteranges",
                refuses=(BadRequest, Forbidden, EntryNotFound),
            ),
        ]

    # tokens ------------------------------------------------------------------------------------------------

    def read_token(self, call: Call) -> Response:
        given = self._xet.admit(self._who(call), name_of(call), Scope.READ)
        return json_answer(wire.pass_json(given, call.base_url), headers=wire.pass_headers(given, call.base_url))

    def write_token(self, call: Call) -> Response:
        pull = call.flag("create_pr")
        with full_disk_told():
            given = self._xet.admit(self._who(call), name_of(call), Scope.WRITE, for_pull_request=pull)
        return json_answer(wire.pass_json(given, call.base_url), headers=wire.pass_headers(given, call.base_url))

    # sending -----------------------------------------------------------------------------------------------

    def grant(self, call: Call) -> Response:
        visit, xorb = self._visit(call, Scope.WRITE), call.params["xorb"]
        with full_disk_told():
            if self._xet.has_xorb(visit, xorb):
                return json_answer({"was_inserted": False})
            self._xet.check_room(wire.announced(call))
        place = f"{call.base_url}{PREFIX}/uploads/{xorb}"
        return json_answer(wire.grant_json(place, self._xet.tokens.sign_grant(xorb, visit.knowers)), status=201)

    def commit(self, call: Call) -> Response:
        """Bytes are verified as they come, so all that is left to say is whether they came."""
        visit = self._visit(call, Scope.WRITE)
        with full_disk_told():
            came = self._xet.has_xorb(visit, call.params["xorb"])
        if not came:
            raise NotFound("Nothing has come for this grant.")
        return json_answer({"was_inserted": True})

    # fetching ----------------------------------------------------------------------------------------------

    def reconstruction_v2(self, call: Call) -> Response:
        found = self._xet.reconstruct(self._visit(call, Scope.READ), call.params["file"], *wire.file_range(call))
        return json_answer(wire.reconstruction_v2(found, wire.Addresses(self._xet.tokens, call.base_url)))

    def reconstruction_v1(self, call: Call) -> Response:
        found = self._xet.reconstruct(self._visit(call, Scope.READ), call.params["file"], *wire.file_range(call))
        return json_answer(wire.reconstruction_v1(found, wire.Addresses(self._xet.tokens, call.base_url)))

    def body(self, call: Call) -> Response:
        xorb, ranges = call.params["xorb"], call.one("ranges") or ""
        self._xet.tokens.check_data(xorb, ranges, call.one("until") or "", call.one("sig") or "")
        wanted = wire.body_ranges(call)
        path, size = self._xet.body(xorb)
        try:
            return _parts(path, wanted, size)
        except FileNotFoundError as error:
            raise EntryNotFound("This xorb is lost.") from error

    def _visit(self, call: Call, scope: Scope) -> Visit:
        return self._xet.enter(wire.token(call), scope)


def _parts(path: str, wanted: Sequence[Range], size: int) -> Response:
    headers = {"cache-control": FOREVER, "accept-ranges": "bytes"}
    if len(wanted) > 1:
        return PartsAnswer(path, wanted, size, headers)
    start, end = wanted[0]
    headers |= {"content-range": f"bytes {start}-{end - 1}/{size}", "content-type": "application/octet-stream"}
    return FileAnswer(path, start, end - start, 206, headers)


def _token_row(scope: Scope, answer: Answer, summary: str, audience: Audience) -> Row:
    full = (TooLarge,) if scope is Scope.WRITE else ()
    return Row(
        "GET",
        f"/api/{{types}}/{{ns}}/{{name}}/xet-{scope}-token/{{rev*}}",
        answer,
        f"{summary}, in headers and as JSON",
        audience=audience,
        returns="{casUrl, accessToken, exp}",
        refuses=(RepoNotFound, GatedRepo, Unauthenticated, Forbidden, *full),
    )


def _swallow(_call: Call) -> Response:
    return json_answer({})
