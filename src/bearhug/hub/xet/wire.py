"""Xet's requests and answers as its clients write and read them."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bearhug.base.errors import BadRequest, Forbidden, Unauthenticated
from bearhug.base.http.call import Call
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.hub.xet.records import Pass, Range, Reconstruction, Stretch
from bearhug.hub.xet.tokens import Tokens, ranges_text

RANGES_IN_ADDRESS = 256
"""So that an address stays below 6 KB."""
MOST_RANGES = 1024
LONGEST_SESSION = 100
DATA = "/xet/xorbs"

_BEARER = re.compile(r"Bearer (\S{1,300})\Z", re.IGNORECASE)
_ONE_RANGE = re.compile(r"(\d{1,15})-(\d{0,15})\Z", re.ASCII)


# asking ------------------------------------------------------------------------------------------------------


def token(call: Call) -> str:
    found = _BEARER.match(call.header("authorization"))
    if found is None:
        raise Unauthenticated("Show the Xet token of the repository.")
    return found[1]


def session(call: Call) -> str:
    """What tells the sessions of clients apart; early ones send nothing but their token."""
    return call.header("x-xet-session-id")[:LONGEST_SESSION] or token(call)


def announced(call: Call) -> int:
    """How many bytes of a xorb a client is going to send; 0 when it does not say."""
    length = call.json().get("length")
    return max(length, 0) if isinstance(length, int) else 0


def file_range(call: Call) -> tuple[int, int | None]:
    """Bytes [start, end) of a file that a reconstruction is asked for; all without a range."""
    header = call.header("range")
    if not header:
        return 0, None
    ranges = _ranges(header)
    if len(ranges) != 1:
        raise BadRequest("Ask for one range of a file.")
    return ranges[0]


def body_ranges(call: Call) -> list[Range]:
    """The parts of a xorb that are asked for, each of which the address must allow."""
    allowed = [(start, end) for start, end in _ranges("bytes=" + (call.one("ranges") or "")) if end is not None]
    header = call.header("range")
    if not header:
        return allowed
    asked = []
    for start, end in _ranges(header):
        if end is None or not any(first <= start and end <= after for first, after in allowed):
            raise Forbidden("This address does not allow these bytes.")
        asked.append((start, end))
    return asked


def _ranges(text: str) -> list[tuple[int, int | None]]:
    unit, _, rest = text.partition("=")
    parts = rest.split(",", MOST_RANGES)
    if unit.strip() != "bytes" or len(parts) > MOST_RANGES:
        raise BadRequest(f"Ask for bytes, in at most {MOST_RANGES} ranges.")
    found = []
    for part in parts:
        matched = _ONE_RANGE.match(part.strip())
        if matched is None or (matched[2] and int(matched[2]) < int(matched[1])):
            raise BadRequest("This is no range of bytes.")
        found.append((int(matched[1]), int(matched[2]) + 1 if matched[2] else None))
    return found


# answering ---------------------------------------------------------------------------------------------------


def pass_json(given: Pass, base_url: str) -> dict[str, Any]:
    return {"casUrl": base_url + given.path, "accessToken": given.token, "exp": given.until}


def pass_headers(given: Pass, base_url: str) -> dict[str, str]:
    return {
        "x-xet-cas-url": base_url + given.path,
        "x-xet-access-token": given.token,
        "x-xet-token-expiration": str(given.until),
        "cache-control": "no-store",
    }


def grant_json(place: str, query: dict[str, str]) -> dict[str, Any]:
    """Where to send a xorb; the query carries the authority, so there are no headers to send along."""
    return {"id": query["until"], "method": "PUT", "url": f"{place}?{urlencode(query)}", "headers": {}}


class Addresses:
    """Signed addresses of parts of xorbs."""

    def __init__(self, tokens: Tokens, base_url: str) -> None:
        self._tokens = tokens
        self._base_url = base_url

    def of(self, xorb: bytes, stretches: Sequence[Stretch]) -> str:
        ranges = ranges_text([(stretch.first, stretch.after) for stretch in stretches])
        query = urlencode(self._tokens.sign_data(xorb, ranges), safe=",")
        return f"{self._base_url}{DATA}/{hash_to_text(xorb)}?{query}"


def reconstruction_v2(found: Reconstruction, addresses: Addresses) -> dict[str, Any]:
    xorbs = {}
    for xorb, stretches in found.stretches.items():
        groups = [stretches[at : at + RANGES_IN_ADDRESS] for at in range(0, len(stretches), RANGES_IN_ADDRESS)]
        xorbs[hash_to_text(xorb)] = [
            {
                "url": addresses.of(xorb, group),
                "ranges": [{"chunks": _chunks(stretch), "bytes": _bytes(stretch)} for stretch in group],
            }
            for group in groups
        ]
    return {"offset_into_first_range": found.skip, "terms": _terms(found), "xorbs": xorbs}


def reconstruction_v1(found: Reconstruction, addresses: Addresses) -> dict[str, Any]:
    fetch = {
        hash_to_text(xorb): [
            {"range": _chunks(stretch), "url": addresses.of(xorb, [stretch]), "url_range": _bytes(stretch)}
            for stretch in stretches
        ]
        for xorb, stretches in found.stretches.items()
    }
    return {"offset_into_first_range": found.skip, "terms": _terms(found), "fetch_info": fetch}


def _terms(found: Reconstruction) -> list[dict[str, Any]]:
    return [
        {
            "hash": hash_to_text(piece.xorb),
            "unpacked_length": piece.length,
            "range": {"start": piece.start, "end": piece.end},
        }
        for piece in found.pieces
    ]


def _chunks(stretch: Stretch) -> dict[str, int]:
    return {"start": stretch.start, "end": stretch.end}


def _bytes(stretch: Stretch) -> dict[str, int]:
    """The last byte is included here."""
    return {"start": stretch.first, "end": stretch.after - 1}
