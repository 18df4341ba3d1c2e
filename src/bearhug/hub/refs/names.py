"""The rules for names of branches and tags: git's own, and a little more so that no name is taken for another."""

import re

import pygit2

from bearhug.base.errors import BadRequest

LONGEST = 200
"""Bytes of a name; a part of it becomes a file name with `.lock` behind it."""
_COMMIT_ID = re.compile(r"[0-9a-f]{40}\Z")


def check_ref_name(name: str, space: str) -> str:
    """The full reference of a new branch or tag (`space` is `refs/heads/` or `refs/tags/`), or BadRequest."""
    kind = "branch" if space == "refs/heads/" else "tag"
    if not is_good_name(name, space):
        raise BadRequest(f"Invalid reference for a {kind}: {name[:LONGEST]}")
    return space + name


def is_good_name(name: str, space: str) -> bool:
    """Whether git takes the name and nobody can take it for an option, a full reference or a commit id."""
    if not name or len(name.encode("utf-8", "replace")) > LONGEST or name in ("HEAD", "@"):
        return False
    if name.startswith(("-", "refs/")) or _COMMIT_ID.match(name) or "\0" in name or "\ufffd" in name:
        return False
    try:
        return bool(pygit2.reference_is_valid_name(space + name))
    except ValueError:
        return False
