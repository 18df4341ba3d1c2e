"""Locks as git-lfs writes them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import Unprocessable
from bearhug.base.http.call import Call
from bearhug.hub.lfs.wire import is_text, lfs_body
from bearhug.hub.locks.records import Lock

MOST = 100
LARGEST_ID = 1 << 31


def lock_json(lock: Lock) -> dict[str, Any]:
    return {
        "id": str(lock.id),
        "path": lock.path,
        "locked_at": iso(lock.locked_at),
        "owner": {"name": lock.owner},
    }


def new_lock(call: Call) -> tuple[str, str]:
    """The path to be locked and the ref that the client names."""
    data = lfs_body(call)
    path, ref = data.get("path"), data.get("ref")
    name = ref.get("name") if isinstance(ref, dict) else None
    if not isinstance(path, str) or not is_text(path):
        raise Unprocessable('A lock needs a "path".')
    return path, name if isinstance(name, str) and is_text(name) else ""


def cursor(text: object) -> int:
    """Where a page begins; the first one has no cursor."""
    return lock_id(str(text)) if text else 0


def limit(value: object) -> int:
    text = str(value or "")
    return min(max(int(text), 1), MOST) if text.isdecimal() and len(text) < 10 else MOST


def lock_id(text: str) -> int:
    if not text.isdecimal() or len(text) > 10 or int(text) >= LARGEST_ID:
        raise Unprocessable("Locks and pages are named by numbers.")
    return int(text)


def force(call: Call) -> bool:
    return lfs_body(call).get("force") is True
