"""Grants: signed addresses that carry their own authority, because clients send no credentials along with bytes."""

import time

from bearhug.base.errors import Forbidden
from bearhug.base.signing import Signer
from bearhug.hub.lfs.records import FETCH, SEND, Grant

LIFETIME = {SEND: 24 * 3600, FETCH: 3600}
"""Seconds. Sending lasts longer: a client asks for many addresses at once and comes to the last one late."""


class Grants:
    """Gives out and recognises grants."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def give(self, purpose: str, repo_id: int, oid: str, size: int) -> Grant:
        return Grant(purpose, repo_id, oid, size, int(time.time()) + LIFETIME[purpose])

    def sign(self, grant: Grant) -> str:
        return self._signer.sign(grant.purpose, grant.repo_id, grant.oid, grant.size, grant.until)

    def check(self, grant: Grant, signature: str) -> Grant:
        """The grant if the hub gave it out and its time has not run out; else Forbidden."""
        if not self._signer.is_valid(signature, grant.purpose, grant.repo_id, grant.oid, grant.size, grant.until):
            raise Forbidden("The signature of this address is not valid.")
        if grant.until < time.time():
            raise Forbidden("This address has expired. Ask for a new one.")
        return grant
