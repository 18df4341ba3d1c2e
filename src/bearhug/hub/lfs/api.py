"""The batch API, verification and downloads of large files."""

from functools import wraps

from starlette.responses import Response

from bearhug.base.errors import (
    BadRequest,
    Conflict,
    EntryNotFound,
    Forbidden,
    GatedRepo,
    HubError,
    Moved,
    NotFound,
    RangeNotSatisfiable,
    RepoNotFound,
    TooLarge,
    Unauthenticated,
    Unprocessable,
)
from bearhug.base.http.answers import BYTES, content_answer, json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Answer, Row
from bearhug.hub.access.who import Who
from bearhug.hub.lfs import wire
from bearhug.hub.lfs.records import FETCH, SEND, Ticket
from bearhug.hub.lfs.service import Lfs, part_size
from bearhug.hub.repos.wire import name_of

DOWNLOAD_HEADERS = {
    "content-type": BYTES,
    "content-disposition": "attachment",
    "cache-control": "private, no-transform",
    "content-security-policy": "sandbox",
}


class LfsApi:
    """What git-lfs and the Hub's clients ask about large files."""

    def __init__(self, lfs: Lfs, who: Who) -> None:
        self._lfs = lfs
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "POST",
                "/{kind}/{ns}/{name}/info/lfs/objects/batch",
                in_lfs_words(self.batch),
                "How to send or fetch large files (git-lfs batch API)",
                audience="reader",
                body="json",
                returns="{transfer, objects: [{oid, size, actions or error}]}",
                refuses=(RepoNotFound, GatedRepo, Unauthenticated, Forbidden, Conflict, TooLarge, Unprocessable),
            ),
            Row(
                "POST",
                wire.UPLOADS + "/{oid}/verify",
                in_lfs_words(self.verify),
                "Whether a large file has arrived",
                audience="signed-url",
                body="json",
                refuses=(Forbidden, NotFound, Unprocessable),
            ),
            Row(
                "GET",
                wire.UPLOADS + "/{oid}",
                self.parts,
                "Which parts of a large file have come",
                audience="signed-url",
                returns="{size, partSize, parts: [{partNumber, etag}]}",
                refuses=(BadRequest, Forbidden, NotFound),
            ),
            Row(
                "POST",
                wire.UPLOADS + "/{oid}",
                in_lfs_words(self.complete),
                "Put the parts of a large file together and verify it",
                audience="signed-url",
                body="json",
                refuses=(BadRequest, Forbidden, NotFound, Conflict, Unprocessable),
            ),
            Row(
                "HEAD",
                wire.UPLOADS + "/{oid}",
                self.offset,
                "How much of a large file has come in order (tus)",
                audience="signed-url",
                returns="Upload-Offset",
                refuses=(BadRequest, Forbidden, NotFound, Conflict),
            ),
            Row(
                "GET",
                wire.OBJECTS + "/{oid}",
                self.fetch,
                "Download a large file by a signed address, whole or in part",
                audience="signed-url",
                returns="the bytes",
                refuses=(Forbidden, NotFound, EntryNotFound, RangeNotSatisfiable),
            ),
        ]

    def batch(self, call: Call) -> Response:
        name = name_of(call)
        offers = self._lfs.batch(self._who(call), name, wire.batch(call))
        return wire.lfs_answer(wire.offers_json(offers, name, self._lfs.tickets, call.base_url))

    def verify(self, call: Call) -> Response:
        ticket = self._ticket(call, SEND)
        self._lfs.verify(ticket, wire.verified_size(call, ticket.oid))
        return wire.lfs_answer({"oid": ticket.oid, "size": ticket.size})

    def parts(self, call: Call) -> Response:
        ticket = self._ticket(call, SEND)
        parts = [{"partNumber": number, "etag": tag} for number, tag in self._lfs.parts(ticket).items()]
        return json_answer({"oid": ticket.oid, "size": ticket.size, "partSize": part_size(ticket.size), "parts": parts})

    def complete(self, call: Call) -> Response:
        ticket = self._ticket(call, SEND)
        self._lfs.complete(ticket, wire.completed_parts(call, ticket.oid))
        return wire.lfs_answer({"oid": ticket.oid, "size": ticket.size})

    def offset(self, call: Call) -> Response:
        ticket = self._ticket(call, SEND)
        return Response(b"", 200, wire.tus_headers(self._lfs.offset(ticket), ticket.size))

    def fetch(self, call: Call) -> Response:
        return content_answer(call, self._lfs.fetch(self._ticket(call, FETCH)), DOWNLOAD_HEADERS)

    def _ticket(self, call: Call, purpose: str) -> Ticket:
        return self._lfs.tickets.check(*wire.ticket(call, purpose))


def in_lfs_words(answer: Answer) -> Answer:
    """Errors of this endpoint come in the form that git-lfs prints."""

    @wraps(answer)
    def worded(call: Call) -> Response:
        try:
            return answer(call)
        except Moved:
            raise
        except HubError as error:
            return wire.lfs_error(error)

    return worded
