"""An access token without its secret, and the holder of a presented one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bearhug.hub.access.records import Grant, Role, Scope, TokenKind


class Origin(StrEnum):
    """How a token came to be."""

    SETTINGS = "settings"
    DEVICE = "device"
    OAUTH = "oauth"


@dataclass(frozen=True)
class NewToken:
    """What a person asks for."""

    name: str
    kind: TokenKind
    everywhere: frozenset[str] = frozenset()
    scopes: tuple[Scope, ...] = ()
    reads_gated: bool = False
    expires_at: datetime | None = None
    origin: Origin = Origin.SETTINGS


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it later: the secret is gone but for its last characters."""

    id: int
    user_id: int
    name: str
    kind: TokenKind
    tail: str
    origin: Origin
    grant: Grant
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True)
class Holder:
    """Who presented a token, and what it allows."""

    user_id: int
    name: str
    is_admin: bool
    is_active: bool
    orgs: Mapping[int, Role]
    token: Token
