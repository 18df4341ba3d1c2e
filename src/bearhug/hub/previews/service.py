"""Looks into files; what was seen once is remembered by what the file is, not by where it lies."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from bearhug.hub.previews.records import Kind, Sight, Unreadable

REMEMBERED = 200


class Previews:
    """What pages show of files."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._lock = Lock()

    def look(self, kind: Kind, sight: Sight) -> Any:
        """What a kind shows of a file; None where the file is not what its name says."""
        if not sight.size:
            return None
        try:
            return self._known(kind, sight) if kind.costly else kind.look(sight)
        except Unreadable:
            return None

    def _known(self, kind: Kind, sight: Sight) -> Any:
        key = (kind.key, sight.content.etag, sight.size, sight.source, tuple(sorted(sight.asked.items())))
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        shown = kind.look(sight)
        with self._lock:
            self._seen[key] = shown
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return shown
