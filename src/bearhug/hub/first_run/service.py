"""Lets the one who started an empty hub, and nobody else, make its first administrator."""

import hmac
import secrets
import threading
from hashlib import sha256

from bearhug.base.errors import Forbidden
from bearhug.hub.accounts.records import Owner, OwnerKind
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.first_run.records import Plan
from bearhug.hub.settings.service import Settings

DONE = "This hub has been set up already."
WRONG = "This address is not the one that `bearhug up` printed when it started. Look there again."


class FirstRun:
    """Guarded by a code that only the terminal of the hub shows; it lives as long as this process."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        self._accounts = accounts
        self._settings = settings
        self._digest: bytes | None = None
        self._done = False
        self._lock = threading.Lock()

    def is_needed(self) -> bool:
        """Whether nobody has an account; asked of the database only until somebody has one."""
        if not self._done:
            self._done = not self._accounts.is_empty()
        return not self._done

    def open(self) -> str:
        """A new code, for the terminal; one made before is no longer good."""
        code = secrets.token_urlsafe(16)
        self._digest = _digest(code)
        return code

    def fits(self, code: str) -> bool:
        return self._digest is not None and hmac.compare_digest(self._digest, _digest(code))

    def complete(self, code: str, plan: Plan) -> Owner:
        """Make the administrator and keep the settings, together or not at all; the code is used up then."""
        hashed = self._accounts.hashed(plan.password) if self.fits(code) else None
        with self._lock:
            if not self.is_needed():
                raise Forbidden(DONE)
            if hashed is None or not self.fits(code):
                raise Forbidden(WRONG)
            with self._accounts.db.writing() as tx:
                for name, text in plan.settings.items():
                    self._settings.write(tx, name, text)
                admin = self._accounts.add(
                    tx, plan.name, OwnerKind.USER, plan.profile, password_hash=hashed, is_admin=True
                )
            self._digest, self._done = None, True
            return admin


def _digest(code: str) -> bytes:
    return sha256(code.encode("utf-8", "replace")).digest()
