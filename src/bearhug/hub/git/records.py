"""What git tells: revisions, entries, commits, references and the changes of a commit."""

from dataclasses import dataclass
from datetime import datetime

ZERO_OID = "0" * 40
MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Revision:
    """A commit that a client named; `ref` is the full reference if it named one."""

    oid: str
    ref: str | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of a tree: `kind` is `file`, `directory` or `submodule`; `size` in bytes for files."""

    path: str
    kind: str
    oid: str
    size: int = 0
    mode: int = 0o100644

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Commit:
    """One commit as the log shows it."""

    oid: str
    title: str
    message: str
    author: str
    email: str
    date: datetime
    parents: tuple[str, ...]
    tree: str

    @property
    def body(self) -> str:
        return self.message.partition("\n")[2].strip()


@dataclass(frozen=True)
class Ref:
    """A reference by its full name and the commit it leads to."""

    ref: str
    oid: str

    @property
    def name(self) -> str:
        for prefix in ("refs/heads/", "refs/tags/", "refs/convert/"):
            if self.ref.startswith(prefix):
                return self.ref[len(prefix) :]
        return self.ref


@dataclass(frozen=True)
class Put:
    """Set `path` to a blob: the mark or object id that the importer gave."""

    path: str
    blob: str
    mode: str = "100644"


@dataclass(frozen=True)
class Remove:
    """Remove a file or a whole folder."""

    path: str


@dataclass(frozen=True)
class Rename:
    """Give a file or a whole folder another path; nothing in it changes."""

    path: str
    old_path: str


Change = Put | Remove | Rename


@dataclass(frozen=True)
class Author:
    """Who commits, as git writes it."""

    name: str
    email: str
