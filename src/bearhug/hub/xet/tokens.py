"""Tokens and addresses that carry their own authority: signed, kept nowhere."""

import re
import time
from collections.abc import Sequence

from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.base.signing import Signer
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.hub.xet.records import Range, Scope, Ticket

LIFETIME = 3600
GRACE = 600
"""Seconds for which a token is good beyond its end: clients go by their own clock, and do not recover from a 401."""
DATA_LIFETIME = 3600
GRANT_LIFETIME = 3600

_TOKEN = re.compile(r"xet1\.(\d{1,18})\.(read|write)\.(\d{1,18})\.([01])\.(\d{1,18})\.([\w-]{43})\Z", re.ASCII)
_TICKET, _DATA, _GRANT = "xet-ticket", "xet-data", "xet-grant"


class Tokens:
    """Gives out and recognises them."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def give(self, ticket: Ticket) -> str:
        facts = _facts(ticket)
        return ".".join(("xet1", *facts, self._signer.sign(_TICKET, *facts)))

    def check(self, token: str) -> Ticket:
        """The ticket if the hub gave it out and its time has not run out; else Unauthenticated."""
        found = _TOKEN.match(token)
        if found is None:
            raise Unauthenticated("This is no Xet token of this hub.")
        repo_id, scope, user_id, insider, until, signature = found.groups()
        ticket = Ticket(int(repo_id), Scope(scope), int(user_id), insider == "1", int(until))
        if not self._signer.is_valid(signature, _TICKET, *_facts(ticket)):
            raise Unauthenticated("The signature of this Xet token is not valid.")
        if ticket.until + GRACE < time.time():
            raise Unauthenticated("This Xet token has expired. Ask for a new one.")
        return ticket

    # parts of xorbs ----------------------------------------------------------------------------------------

    def sign_data(self, xorb_hash: bytes, ranges: str) -> dict[str, str]:
        """The query that allows to fetch these ranges of a xorb for an hour."""
        until = str(int(time.time()) + DATA_LIFETIME)
        signature = self._signer.sign(_DATA, hash_to_text(xorb_hash), ranges, until)
        return {"ranges": ranges, "until": until, "sig": signature}

    def check_data(self, xorb: str, ranges: str, until: str, signature: str) -> None:
        """Forbidden makes clients ask for the address anew."""
        self._check(signature, until, _DATA, xorb, ranges, until)

    # places for xorbs --------------------------------------------------------------------------------------

    def sign_grant(self, xorb: str, owner_ids: Sequence[int]) -> dict[str, str]:
        """The query that allows to send one xorb in the name of these owners."""
        until, owner = str(int(time.time()) + GRANT_LIFETIME), ".".join(map(str, owner_ids))
        return {"owner": owner, "until": until, "sig": self._signer.sign(_GRANT, xorb, owner, until)}

    def check_grant(self, xorb: str, owner: str, until: str, signature: str) -> list[int]:
        """The owners in whose name it is sent."""
        self._check(signature, until, _GRANT, xorb, owner, until)
        return [int(owner_id) for owner_id in owner.split(".")]

    def _check(self, signature: str, until: str, purpose: str, *facts: str) -> None:
        if not self._signer.is_valid(signature, purpose, *facts):
            raise Forbidden("The signature of this address is not valid.")
        if int(until) < time.time():
            raise Forbidden("This address has expired. Ask for a new one.")


def ranges_text(ranges: list[Range]) -> str:
    """Byte ranges [start, end) as an address has them, the last byte included."""
    return ",".join(f"{start}-{end - 1}" for start, end in ranges)


def _facts(ticket: Ticket) -> tuple[str, ...]:
    insider = "1" if ticket.insider else "0"
    return str(ticket.repo_id), ticket.scope.value, str(ticket.user_id), insider, str(ticket.until)
