"""Passwords by argon2id, with a short memory so that a git push does not pay for the hash at every request."""

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bearhug.base.errors import BadRequest, TooManyRequests

SHORTEST = 8
LONGEST = 256
REMEMBER_SECONDS = 120
REMEMBER_MOST = 512
AT_ONCE = 2
MOST_WAITING = 12


@dataclass(frozen=True)
class Cost:
    """What one hash costs: rounds, memory in KiB, lanes (RFC 9106, second recommended option)."""

    rounds: int = 3
    memory: int = 65536
    lanes: int = 4


class Passwords:
    """Hashes and verifies; at most two at once, because each takes tens of MiB."""

    def __init__(self, cost: Cost = Cost()) -> None:
        self._hasher = PasswordHasher(cost.rounds, cost.memory, cost.lanes)
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadRequest(f"A password has {SHORTEST} to {LONGEST} characters.")
        with self._turn():
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; as slow for an account that does not exist."""
        if len(password) > LONGEST:
            return False
        if stored is None:
            self._verify(self._hash_of_nobody(), password)
            return False
        fingerprint = hmac.digest(self._secret, f"{stored}\0{password}".encode(), sha256)
        if self._remembers(fingerprint):
            return True
        if not self._verify(stored, password):
            return False
        self._remember(fingerprint)
        return True

    def is_stale(self, stored: str) -> bool:
        """Whether the hash was made at another cost and should be renewed."""
        return self._hasher.check_needs_rehash(stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for room; when too many wait already, refuse at once rather than hold every thread of the server."""
        if not self._queue.acquire(blocking=False):
            raise TooManyRequests(headers={"retry-after": "1"})
        try:
            with self._room:
                yield
        finally:
            self._queue.release()

    def _verify(self, stored: str, password: str) -> bool:
        with self._turn():
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            with self._turn():
                self._nobody = self._hasher.hash(secrets.token_hex(16))
        return self._nobody

    def _remembers(self, fingerprint: bytes) -> bool:
        with self._lock:
            until = self._known.get(fingerprint)
            return until is not None and until > monotonic()

    def _remember(self, fingerprint: bytes) -> None:
        with self._lock:
            self._known[fingerprint] = monotonic() + REMEMBER_SECONDS
            self._known.move_to_end(fingerprint)
            while len(self._known) > REMEMBER_MOST:
                self._known.popitem(last=False)
