"""Reads settings from memory, checks and writes changes."""

from dataclasses import fields
from enum import StrEnum
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from bearhug.base.db import Database, Tx, after_commit
from bearhug.base.errors import BadRequest
from bearhug.hub.settings import store
from bearhug.hub.settings.records import InstanceSettings, Reach, Registration, Urgency

FRESH_SECONDS = 5.0
BOUNDS = {
    "session_days": (1, 365),
    "requests_per_minute": (0, 100_000),
    "tokens_per_day": (0, 10**12),
    "anonymous_requests_per_minute": (0, 100_000),
    "anonymous_tokens_per_day": (0, 10**12),
}
"""The least and the most that a number may be."""
KINDS = (("registration", Registration), ("dedup_reach", Reach), ("announcement_urgency", Urgency))


class Settings:
    """Settings of this instance; another process sees a change within five seconds."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._known: InstanceSettings | None = None
        self._until = 0.0

    def now(self) -> InstanceSettings:
        known = self._known
        if known is not None and monotonic() < self._until:
            return known
        with self.db.reading() as tx:
            known = _typed(store.load(tx))
        self._known, self._until = known, monotonic() + FRESH_SECONDS
        return known

    def change(self, name: str, text: str) -> InstanceSettings:
        """Set one setting from what a person wrote."""
        with self.db.writing() as tx:
            self.write(tx, name, text)
        return self.now()

    def write(self, tx: Tx, name: str, text: str) -> None:
        store.save(tx, name, _parse(name, text))
        after_commit(tx, self.forget)

    def known(self) -> InstanceSettings:
        """What was read last, without asking again: for the event loop, which must not wait."""
        return self._known or InstanceSettings()

    def forget(self) -> None:
        self._until = 0.0


def names() -> list[str]:
    return [field.name for field in fields(InstanceSettings)]


def _typed(rows: dict[str, Any]) -> InstanceSettings:
    known = {name: value for name, value in rows.items() if name in names()}
    for name, kind in KINDS:
        if name in known:
            known[name] = kind(known[name])
    return InstanceSettings(**known)


def _parse(name: str, text: str) -> str | int | bool:
    if name not in names():
        raise BadRequest(f"There is no setting {name}. There are: {', '.join(names())}.")
    default = getattr(InstanceSettings(), name)
    if isinstance(default, StrEnum):
        return _one_of(type(default), text)
    if isinstance(default, bool):
        return _yes_or_no(text)
    if isinstance(default, int):
        return _whole(text, *BOUNDS[name])
    if len(text) > 1000:
        raise BadRequest("Use at most 1000 characters.")
    return _address(text) if name == "public_url" else text.strip()


def _address(text: str) -> str:
    """An origin such as https://hub.example.org, or nothing."""
    text = text.strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_origin = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_origin = False
    if not is_origin or "@" in text or text != f"{parts.scheme}://{parts.netloc}" or not text.isprintable():
        raise BadRequest("The public address is one such as https://hub.example.org, without a path.")
    return text


def _one_of(kind: type[StrEnum], text: str) -> str:
    values = [member.value for member in kind]
    if text not in values:
        raise BadRequest(f"Expected one of: {', '.join(values)}.")
    return text


def _yes_or_no(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise BadRequest("Expected true or false.")
    return words[text.lower()]


def _whole(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16 and least <= int(text) <= most):
        raise BadRequest(f"Expected a number from {least} to {most}.")
    return int(text)
