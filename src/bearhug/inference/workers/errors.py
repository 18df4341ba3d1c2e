"""Errors on their way from a worker to the caller."""

from typing import Any

from bearhug.base import errors
from bearhug.base.errors import HubError, Unprocessable

LONGEST = 2000
PASSED_ON = ("BadRequest", "Unprocessable", "TooLarge", "TooManyRequests", "NotReady", "Forbidden", "EntryNotFound")


def to_json(error: HubError) -> dict[str, Any]:
    """The error as a frame carries it."""
    return {"error": type(error).__name__, "message": error.message[:LONGEST], "fields": error.fields}


def from_json(data: Any) -> HubError:
    """The same error on the other side; workers may only raise those that clients can do something about."""
    found = data if isinstance(data, dict) else {}
    name, message, fields = found.get("error"), str(found.get("message") or "")[:LONGEST], found.get("fields") or {}
    if name not in PASSED_ON or not isinstance(fields, dict):
        return HubError()
    made: HubError = getattr(errors, name)(message, **{str(key): value for key, value in fields.items()})
    return made


def explained(error: Exception) -> HubError:
    """What a client is told of an error that nobody foresaw: its first line, without paths of this machine."""
    if isinstance(error, MemoryError):
        return Unprocessable("The model and this input do not fit into the memory that models may use here.")
    line = next(iter(str(error).strip().splitlines()), "")
    words = " ".join(word for word in line.split() if "/" not in word or not word.strip("'\"").startswith("/"))
    return Unprocessable(f"The model could not do this ({type(error).__name__}: {words[:300]}).")
