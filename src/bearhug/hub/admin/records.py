"""What administrators did, and what they see in lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bearhug.hub.accounts.records import Owner


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
class Sought:
    """What a list is asked for: words in names, a state, an order, and which page."""

    words: str = ""
    state: str = ""
    order: str = ""
    page: int = 0


@dataclass(frozen=True)
class Listed:
    """An owner in a list; `ties` are the members of an organisation, or the organisations of a person."""

    owner: Owner
    repos: int
    ties: int


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
