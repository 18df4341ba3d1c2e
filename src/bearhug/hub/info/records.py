"""Everything known of a repository at a revision, files only if somebody asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bearhug.hub.files.records import FileEntry
from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Info:
    """`facts` as the card indexer derives them; `files` and their `names` empty unless they were asked for."""

    repo: Repo
    commit: str
    facts: dict[str, Any]
    files: Sequence[FileEntry] = ()
    names: Sequence[str] = ()
    children: dict[str, int] = field(default_factory=dict)
    spaces: Sequence[str] = ()
