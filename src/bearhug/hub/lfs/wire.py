"""The LFS batch API as git-lfs and the Hub's clients speak it."""

import re
import time
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, HubError, TooLarge, Unprocessable
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.edge import error_headers
from bearhug.hub.lfs.records import FETCH, Batch, Offer, Offers, Ticket, Transfer, Wanted
from bearhug.hub.lfs.tickets import Tickets
from bearhug.hub.repos.records import KINDS, RepoName

MEDIA_TYPE = "application/vnd.git-lfs+json"
MOST_OBJECTS = 1000
MOST_TRANSFERS = 20
LONGEST_ECHO = 200
HUGE = 1 << 62
UPLOADS = "/api/lfs/uploads"
OBJECTS = "/api/lfs/objects"

_OID = re.compile(r"[0-9a-f]{64}\Z")
_NUMBER = re.compile(r"[0-9]{1,19}\Z")


# asking ------------------------------------------------------------------------------------------------------


def lfs_body(call: Call) -> dict[str, Any]:
    """The body as an object; git-lfs understands 422 as "do not try again"."""
    try:
        return call.json()
    except BadRequest as error:
        raise Unprocessable(error.message) from error


def batch(call: Call) -> Batch:
    """What a batch request asks for."""
    data = lfs_body(call)
    operation = data.get("operation")
    if operation not in ("upload", "download"):
        raise Unprocessable('"operation" must be "upload" or "download".')
    if data.get("hash_algo") not in (None, "sha256", "sha_256"):  # the second is what huggingface.js says
        raise Conflict("This hub knows objects by sha256 only.")
    objects = data.get("objects")
    if not isinstance(objects, list):
        raise Unprocessable('"objects" must be a list.')
    if len(objects) > MOST_OBJECTS:
        raise TooLarge(f"A batch may name at most {MOST_OBJECTS} objects.")
    transfers = _transfers(data)
    if call.header("user-agent").startswith("git-lfs"):  # its agent for Xet wants a token here
        transfers = tuple(name for name in transfers if name != Transfer.XET)
    return Batch(operation == "upload", transfers, tuple(_wanted(item) for item in objects))


def _transfers(data: dict[str, Any]) -> tuple[str, ...]:
    given = data.get("transfers") or ["basic"]
    if not isinstance(given, list) or len(given) > MOST_TRANSFERS:
        raise Unprocessable('"transfers" must be a short list.')
    return tuple(name for name in given if isinstance(name, str))


def is_text(value: str) -> bool:
    """Whether it can be written as UTF-8: JSON may hold halves of characters."""
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value)


def _wanted(item: Any) -> Wanted:
    if not isinstance(item, dict) or not isinstance(item.get("oid"), str):
        raise Unprocessable('Every object needs an "oid" and a "size".')
    oid, size = item["oid"], item.get("size")
    if not is_text(oid):
        raise Unprocessable('"oid" must be a sha256 in lower case.')
    if not isinstance(size, int) or isinstance(size, bool):
        return Wanted(oid[:LONGEST_ECHO], 0, '"size" must be a whole number.')
    if not 0 <= size < HUGE:
        return Wanted(oid[:LONGEST_ECHO], 0, '"size" is out of range.')
    if not _OID.match(oid):
        return Wanted(oid[:LONGEST_ECHO], size, '"oid" must be a sha256 in lower case.')
    return Wanted(oid, size)


def ticket(call: Call, purpose: str) -> tuple[Ticket, str]:
    """The ticket that the address claims to be, and its signature, both still to be checked."""
    oid = call.params["oid"]
    numbers = [call.one(name) or "" for name in ("repo", "size", "until")]
    if not _OID.match(oid) or not all(_NUMBER.match(text) for text in numbers):
        raise BadRequest("This address is not one that the hub gave out.")
    repo_id, size, until = (int(text) for text in numbers)
    return Ticket(purpose, repo_id, oid, size, until), call.one("sig") or ""


def completed_parts(call: Call, oid: str) -> dict[int, str]:
    """Part numbers and tags of a completion; the client repeats the tags as they were in `ETag`."""
    data = call.json()
    given = data.get("parts")
    if data.get("oid") not in (None, oid) or not isinstance(given, list):
        raise BadRequest('The body must name the "oid" and its "parts".')
    found = {}
    for item in given:
        number = item.get("partNumber") if isinstance(item, dict) else None
        if not isinstance(number, int):
            raise BadRequest('Every part needs a "partNumber" and an "etag".')
        found[number] = str(item.get("etag") or "").strip('"')
    return found


def verified_size(call: Call, oid: str) -> int:
    data = lfs_body(call)
    size = data.get("size")
    if data.get("oid") != oid or not isinstance(size, int):
        raise Unprocessable('The body must name the "oid" and the "size".')
    return size


def part_number(call: Call) -> int:
    text = call.params["number"]
    if not _NUMBER.match(text):
        raise BadRequest("Parts are numbered from 1.")
    return int(text)


def upload_offset(call: Call) -> int:
    text = call.header("upload-offset")
    if not _NUMBER.match(text):
        raise BadRequest("Upload-Offset must be a whole number.")
    return int(text)


# answering ---------------------------------------------------------------------------------------------------


def lfs_answer(data: dict[str, Any], *, status: int = 200) -> Response:
    return json_answer(data, status=status, media_type=MEDIA_TYPE)


def lfs_error(error: HubError) -> Response:
    """An error as git-lfs shows it to people; 401 makes it ask for name and password."""
    headers = error_headers(error)
    if error.http_status == 401:
        headers["lfs-authenticate"] = 'Basic realm="Bearhug"'
    data = {"message": error.message, "error": error.message}
    return json_answer(data, status=error.http_status, headers=headers, media_type=MEDIA_TYPE)


def tus_headers(offset: int, size: int) -> dict[str, str]:
    return {
        "tus-resumable": "1.0.0",
        "upload-offset": str(offset),
        "upload-length": str(size),
        "cache-control": "no-store",
    }


def offers_json(offers: Offers, name: RepoName, tickets: Tickets, base_url: str) -> dict[str, Any]:
    objects = [_offer_json(offer, tickets, base_url) for offer in offers.offers]
    if offers.transfer is Transfer.XET:
        token = {"href": f"{base_url}/api/{KINDS[name.kind].plural}/{name}/xet-write-token/main", "header": {}}
        objects = [item if "actions" not in item else {**item, "actions": {"upload": token}} for item in objects]
    return {"transfer": offers.transfer.value, "hash_algo": "sha256", "objects": objects}


def _offer_json(offer: Offer, tickets: Tickets, base_url: str) -> dict[str, Any]:
    out: dict[str, Any] = {"oid": offer.oid, "size": offer.size}
    if offer.code:
        return {**out, "error": {"code": offer.code, "message": offer.message}}
    if offer.ticket is None:
        return out
    query = _query(offer.ticket, tickets)
    expires = {"expires_in": max(offer.ticket.until - int(time.time()), 0)}
    if offer.ticket.purpose == FETCH:
        action = {"href": f"{base_url}{OBJECTS}/{offer.oid}?{query}", **expires}
        return {**out, "authenticated": True, "actions": {"download": action}}
    href = f"{base_url}{UPLOADS}/{offer.oid}"
    upload = {"href": f"{href}?{query}", "header": _parts(offer, href, query), **expires}
    verify = {"href": f"{href}/verify?{query}", "header": {}, **expires}
    return {**out, "authenticated": True, "actions": {"upload": upload, "verify": verify}}


def _parts(offer: Offer, href: str, query: str) -> dict[str, str]:
    """The Hub's way to tell the size of parts and their addresses: as headers, in order."""
    if offer.part_size is None:
        return {}
    count = -(-offer.size // offer.part_size)
    return {
        "chunk_size": str(offer.part_size),
        **{str(number): f"{href}/parts/{number}?{query}" for number in range(1, count + 1)},
    }


def _query(ticket: Ticket, tickets: Tickets) -> str:
    return urlencode({"repo": ticket.repo_id, "size": ticket.size, "until": ticket.until, "sig": tickets.sign(ticket)})
