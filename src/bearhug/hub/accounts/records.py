"""An owner of repositories: a user or an organisation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OwnerKind(StrEnum):
    """What a namespace stands for."""

    USER = "user"
    ORG = "org"


@dataclass(frozen=True)
class Profile:
    """What an owner says of themselves."""

    fullname: str = ""
    email: str | None = None
    bio: str = ""
    homepage: str = ""
    links: tuple[str, ...] = ()


NO_PROFILE = Profile()


@dataclass(frozen=True)
class Owner:
    """A namespace and what people see of it; the password stays in its row."""

    id: int
    kind: OwnerKind
    name: str
    fullname: str
    created_at: datetime
    email: str | None = None
    is_admin: bool = False
    is_active: bool = True
    bio: str = ""
    homepage: str = ""
    links: tuple[str, ...] = ()
    language: str | None = None

    @property
    def is_org(self) -> bool:
        return self.kind is OwnerKind.ORG

    @property
    def title(self) -> str:
        """The full name, or the name where none was given."""
        return self.fullname or self.name


@dataclass(frozen=True)
class Avatar:
    """A picture and the hash that names its version."""

    media_type: str
    digest: str
    content: bytes


@dataclass(frozen=True)
class Invite:
    """An invitation to make an account, without its secret."""

    id: int
    note: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None


def public_id(owner_id: int) -> str:
    """The 24 hexadecimal digits that clients expect of an id."""
    return f"{owner_id:024x}"
