"""What a repository is: its kind, its name, its row."""

from dataclasses import dataclass
from datetime import datetime

from bearhug.hub.access.records import Target


@dataclass(frozen=True)
class RepoKind:
    """One kind of repository: `name` in JSON, `plural` in API addresses, `prefix` in page and git addresses."""

    name: str
    plural: str
    prefix: str


KINDS = {
    kind.name: kind
    for kind in (
        RepoKind("model", "models", ""),
        RepoKind("dataset", "datasets", "datasets/"),
        RepoKind("space", "spaces", "spaces/"),
    )
}

ROUTE_CHOICES = {
    "types": {kind.plural: kind.name for kind in KINDS.values()},
    "kind": {kind.prefix.strip("/"): kind.name for kind in KINDS.values()},
}
"""What `{types}` and `{kind}` in endpoint rows stand for."""


@dataclass(frozen=True)
class RepoName:
    """The address of a repository as somebody wrote it; case does not matter."""

    kind: str
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True)
class Repo:
    """A repository row joined with its owner. `folder` is where its bare git repository lies."""

    id: int
    kind: str
    owner_id: int
    owner: str
    owner_is_org: bool
    name: str
    folder: str
    private: bool
    gated: str
    disabled: bool
    creator_id: int | None
    created_at: datetime
    updated_at: datetime
    head: str
    likes: int
    downloads: int
    downloads_all: int
    trending: float
    used_storage: int
    discussions_disabled: bool
    parameters: int | None = None

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def path(self) -> str:
        """The page and git address below the hub's origin, without a leading slash."""
        return f"{KINDS[self.kind].prefix}{self.full_name}"

    @property
    def api_path(self) -> str:
        return f"api/{KINDS[self.kind].plural}/{self.full_name}"

    @property
    def hex_id(self) -> str:
        """24 hexadecimal digits, as clients expect of `_id`."""
        return f"{self.id:024x}"

    @property
    def target(self) -> Target:
        return Target(self.kind, self.full_name, self.owner_id, self.owner_is_org, self.private, self.creator_id)
