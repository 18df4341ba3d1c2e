"""A browser that is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bearhug.hub.access.records import Role


@dataclass(frozen=True)
class Session:
    """A session as its owner sees it in a list."""

    id: int
    ip: str
    agent: str
    created_at: datetime
    expires_at: datetime
    is_here: bool = False


@dataclass(frozen=True)
class SignedIn:
    """Who a session cookie stands for."""

    session_id: int
    user_id: int
    name: str
    is_admin: bool
    orgs: Mapping[int, Role]


@dataclass(frozen=True)
class Account:
    """What a sign-in is checked against."""

    user_id: int
    name: str
    is_admin: bool
    is_active: bool
    password_hash: str | None
