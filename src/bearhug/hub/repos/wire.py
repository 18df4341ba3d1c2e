"""Repositories as clients write and read them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.hub.repos.names import broken_rule
from bearhug.hub.repos.records import KINDS, Repo, RepoName
from bearhug.hub.repos.service import NewRepo


def name_of(call: Call) -> RepoName:
    """The repository that the address names; a trailing `.git` is how git writes it."""
    kind = call.params.get("types") or call.params["kind"]
    return RepoName(kind, call.params["ns"], call.params["name"].removesuffix(".git"))


def new_repo(data: dict[str, Any]) -> NewRepo:
    """The body of POST /api/repos/create, in the spelling of every client generation."""
    name = _text(data, "name")
    owner = _text(data, "organization")
    if "/" in name:
        given, _, name = name.partition("/")
        owner = owner or given
    return NewRepo(
        kind=_text(data, "type") or "model",
        name=name,
        owner=owner,
        private=wants_private(data) or False,
        licence=_text(data, "license") or None,
        sdk=_text(data, "sdk") or None,
    )


def wants_private(data: dict[str, Any]) -> bool | None:
    """`visibility` (new clients) or `private` (old ones); None where neither is said."""
    visibility = data.get("visibility")
    if visibility is not None:
        if visibility not in ("public", "private", "protected"):
            raise BadRequest('"visibility" must be "public" or "private".')
        return bool(visibility != "public")
    private = data.get("private")
    if private is None:
        return None
    said = str(private).lower()
    if said not in ("true", "false", "1", "0"):
        raise BadRequest('"private" must be true or false.')
    return said in ("true", "1")


def wanted_gate(data: dict[str, Any]) -> str | None:
    """'' to open a gated repository, None to leave it as it is."""
    if "gated" not in data:
        return None
    return data["gated"] or ""


def full_name(text: Any, kind: str) -> RepoName:
    """`owner/name` as a RepoName; BadRequest when it is anything else."""
    owner, slash, name = str(text or "").partition("/")
    if not slash or not owner or broken_rule(name):
        raise BadRequest(f'"{str(text)[:200]}" is not a repository id of the form "owner/name".')
    return RepoName(kind, owner, name)


def kind_of(data: dict[str, Any]) -> str:
    kind = _text(data, "type") or "model"
    if kind not in KINDS:
        raise BadRequest(f'"{kind}" is not a repository type. Use one of: {", ".join(KINDS)}.')
    return kind


def created_answer(repo: Repo, base_url: str) -> dict[str, Any]:
    return {"url": f"{base_url}/{repo.path}", "name": repo.full_name, "id": repo.hex_id}


def settings_row(repo: Repo) -> dict[str, Any]:
    """A line of the owner's own list of repositories."""
    return {
        "id": repo.full_name,
        "type": repo.kind,
        "updatedAt": iso(repo.updated_at),
        "visibility": "private" if repo.private else "public",
        "storage": repo.used_storage,
    }


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRequest(f'"{key}" must be a string.')
    return value
