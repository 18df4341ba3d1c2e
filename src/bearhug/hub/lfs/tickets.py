"""Tickets: signed addresses that carry their own authority, because clients send no credentials along with bytes."""

import time

from bearhug.base.errors import Forbidden
from bearhug.base.signing import Signer
from bearhug.hub.lfs.records import FETCH, SEND, Ticket

LIFETIME = {SEND: 24 * 3600, FETCH: 3600}
"""Seconds. Sending lasts longer: a client asks for many addresses at once and comes to the last one late."""


class Tickets:
    """Gives out and recognises tickets."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def give(self, purpose: str, repo_id: int, oid: str, size: int) -> Ticket:
        return Ticket(purpose, repo_id, oid, size, int(time.time()) + LIFETIME[purpose])

    def sign(self, ticket: Ticket) -> str:
        return self._signer.sign(ticket.purpose, ticket.repo_id, ticket.oid, ticket.size, ticket.until)

    def check(self, ticket: Ticket, signature: str) -> Ticket:
        """The ticket if the hub gave it out and its time has not run out; else Forbidden."""
        if not self._signer.is_valid(signature, ticket.purpose, ticket.repo_id, ticket.oid, ticket.size, ticket.until):
            raise Forbidden("The signature of this address is not valid.")
        if ticket.until < time.time():
            raise Forbidden("This address has expired. Ask for a new one.")
        return ticket
