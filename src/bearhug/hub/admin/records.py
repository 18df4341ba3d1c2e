"""What administrators did, and what they see in lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Act:
    """One act of an administrator: who did what to whom or what, in words that outlive its subject."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True)
class Holder:
    """An owner and what their repositories hold."""

    name: str
    is_org: bool
    repos: int
    size: int


@dataclass(frozen=True)
class Totals:
    """The hub in a few numbers."""

    people: int
    locked: int
    orgs: int
    repos: Mapping[str, int]
    size: int
