"""A membership, seen from the organisation and from the user."""

from dataclasses import dataclass
from datetime import datetime

from bearhug.hub.access.records import Role
from bearhug.hub.accounts.records import Owner


@dataclass(frozen=True)
class Member:
    """A user in an organisation."""

    user: Owner
    role: Role
    since: datetime


@dataclass(frozen=True)
class Membership:
    """An organisation that a user is in."""

    org: Owner
    role: Role


@dataclass(frozen=True)
class Invitation:
    """An open way into an organisation: for one user, or for whoever holds the link (`user` is None then)."""

    id: int
    org: Owner
    role: Role
    user: str | None
    created_by: str | None
    created_at: datetime
    expires_at: datetime
    uses: int
