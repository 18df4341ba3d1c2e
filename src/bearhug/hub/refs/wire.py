"""References and what is asked of them, as clients write and read it."""

from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.hub.git.records import Ref
from bearhug.hub.refs.records import NewBranch, NewTag, RefList

PULLS = "refs/pr/"


def refs_json(refs: RefList) -> dict[str, Any]:
    """`pullRequests` is there only where it was asked for."""
    out: dict[str, Any] = {
        "branches": [_ref_json(ref) for ref in refs.branches],
        "converts": [_ref_json(ref) for ref in refs.converts],
        "tags": [_ref_json(ref) for ref in refs.tags],
    }
    if refs.pulls is not None:
        out["pullRequests"] = [_ref_json(ref) for ref in refs.pulls]
    return out


def _ref_json(ref: Ref) -> dict[str, str]:
    return {"name": ref.name.removeprefix(PULLS), "ref": ref.ref, "targetCommit": ref.oid}


def new_branch(name: str, data: dict[str, Any]) -> NewBranch:
    return NewBranch(
        name,
        start=text(data, "startingPoint"),
        empty=_flag(data, "emptyBranch"),
        overwrite=_flag(data, "overwrite"),
    )


def new_tag(revision: str, data: dict[str, Any]) -> NewTag:
    name = text(data, "tag")
    if not name:
        raise BadRequest('"tag" must name the tag.')
    return NewTag(name, revision, text(data, "message"))


def text(data: dict[str, Any], key: str) -> str | None:
    """A string of the body; None where it is missing or empty."""
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f'"{key}" must be a string.')
    return value or None


def _flag(data: dict[str, Any], key: str) -> bool:
    value = data.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f'"{key}" must be true or false.')
    return bool(value)
