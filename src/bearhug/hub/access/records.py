"""Who asks (Actor), what their token allows (Grant), and how far it reaches (Level)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """What an actor may do with a repository; each level holds the ones below."""

    NONE = 0
    READ = 1
    CONTRIBUTE = 2
    WRITE = 3
    ADMIN = 4


class Role(StrEnum):
    """A member's role in an organisation."""

    NO_ACCESS = "no_access"
    READ = "read"
    CONTRIBUTOR = "contributor"
    WRITE = "write"
    ADMIN = "admin"


class TokenKind(StrEnum):
    """The three kinds of access token, spelled as `whoami` spells them."""

    READ = "read"
    WRITE = "write"
    FINE_GRAINED = "fineGrained"


@dataclass(frozen=True)
class Scope:
    """Permissions of a fine-grained token on one entity.

    `entity` is `user`, `org`, `model`, `dataset` or `space`; `name` is the lower-case owner or `owner/name`.
    """

    entity: str
    name: str
    permissions: frozenset[str]


@dataclass(frozen=True)
class Grant:
    """What the presented token may do at most, whatever its owner may."""

    kind: TokenKind
    token_id: int
    token_name: str = ""
    everywhere: frozenset[str] = frozenset()
    scopes: tuple[Scope, ...] = ()
    reads_gated: bool = True

    @property
    def is_narrow(self) -> bool:
        """Whether there may be things that the owner sees and this token does not."""
        return self.kind is TokenKind.FINE_GRAINED


@dataclass(frozen=True)
class Actor:
    """Who asks: a user, or nobody. Without a grant (session, password) they act with all their rights."""

    user_id: int | None = None
    name: str = ""
    is_admin: bool = False
    orgs: Mapping[int, Role] = field(default_factory=dict)
    grant: Grant | None = None
    may_read_public: bool = True

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None


ANONYMOUS = Actor()


@dataclass(frozen=True)
class Target:
    """What access is decided on: the facts of a repository that matter for it."""

    entity: str
    full_name: str
    owner_id: int
    owner_is_org: bool
    private: bool
    creator_id: int | None
