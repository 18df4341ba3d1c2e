"""What the pages of files have in common."""

import posixpath

from bearhug.base.errors import EntryNotFound, GatedRepo, RepoNotFound, RevisionNotFound

REFUSALS = (RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo)
MOST_PAGES = 1_000_000


def destination(path: str, target: str) -> str | None:
    """Where a symbolic link at `path` leads within the repository; None where it leads out of it."""
    if not target or target.startswith("/") or "\0" in target or "\\" in target:
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if joined in ("", ".", "..") or joined.startswith("../") else joined
