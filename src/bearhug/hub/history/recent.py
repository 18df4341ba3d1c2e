"""Trails that were followed lately, kept in memory: leafing through a large folder asks for nothing twice."""

import threading

from bearhug.hub.history.records import Trail

MOST_NAMES = 200_000
"""All trails together; a name takes about a hundred bytes."""


class Recent:
    """Trails by folder of the repository, path and tip. Nobody changes a trail that is in here."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._held = 0
        self._trails: dict[tuple[str, str, str], Trail] = {}
        self._guard = threading.Lock()

    def get(self, folder: str, path: str, tip: str) -> Trail | None:
        return self._trails.get((folder, path, tip))

    def put(self, folder: str, path: str, trail: Trail) -> None:
        """Keep it, and forget the oldest ones where there are too many names; a trail that is too long is not kept."""
        weight = len(trail.found) + 1
        if weight > self._most:
            return
        key = (folder, path, trail.tip)
        with self._guard:
            self._forget(key)
            while self._held + weight > self._most:
                self._forget(next(iter(self._trails)))
            self._trails[key] = trail
            self._held += weight

    def _forget(self, key: tuple[str, str, str]) -> None:
        gone = self._trails.pop(key, None)
        if gone is not None:
            self._held -= len(gone.found) + 1
