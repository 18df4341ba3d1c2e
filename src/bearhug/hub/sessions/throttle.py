"""Slows down whoever fails again and again; counted in rows, so that a restart forgives nobody."""

from datetime import timedelta
from hashlib import sha256

from bearhug.base import clock
from bearhug.base.db import Database, Tx
from bearhug.base.errors import TooManyRequests
from bearhug.hub.sessions import store

LONGEST_BLOCK = 900


class Throttle:
    """Failures by key: after `free` of them the key is blocked, twice as long each time."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def refuse_blocked(self, tx: Tx, *keys: str) -> None:
        """`TooManyRequests` while any of the keys is blocked."""
        until = store.blocked_until(tx, [_digest(key) for key in keys])
        if until is None:
            return
        seconds = max(1, round((until - clock.now()).total_seconds()))
        headers = {"retry-after": str(seconds)}
        raise TooManyRequests(f"Too many failed attempts. Try again in {seconds} seconds.", headers=headers)

    def fail(self, *keys: tuple[str, int]) -> None:
        """Count a failure on each key, given with its number of free tries."""
        with self.db.writing() as tx:
            for key, free in keys:
                failures = store.count_failure(tx, _digest(key))
                if failures >= free:
                    seconds = min(2 ** min(failures - free + 1, 16), LONGEST_BLOCK)
                    store.block(tx, _digest(key), clock.now() + timedelta(seconds=seconds))

    def has_failures(self, tx: Tx, key: str) -> bool:
        return store.has_failures(tx, _digest(key))

    def forgive(self, tx: Tx, key: str) -> None:
        store.forget_failures(tx, _digest(key))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
