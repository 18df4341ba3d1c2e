"""Quick search as the Hub writes it."""

from collections.abc import Sequence
from typing import Any

from bearhug.hub.accounts.records import Owner, public_id
from bearhug.hub.profiles.wire import avatar_url
from bearhug.hub.quick_search.records import Found
from bearhug.hub.repos.records import KINDS, Repo

TYPES = {**{kind.name: kind.plural for kind in KINDS.values()}, "user": "users", "org": "orgs"}


def found_json(found: Found, words: str, base_url: str) -> dict[str, Any]:
    """A list and a count of each kind; the counts are of what is shown."""
    answer: dict[str, Any] = {}
    for kind, repos in found.repos.items():
        answer |= _part(TYPES[kind], [_repo(repo) for repo in repos])
    answer |= _part("users", [{**_owner(user, base_url), "user": user.name} for user in found.users])
    answer |= _part("orgs", [{**_owner(org, base_url), "name": org.name} for org in found.orgs])
    return {**answer, "q": words}


def _part(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: list(rows), f"{name}Count": len(rows)}


def _repo(repo: Repo) -> dict[str, Any]:
    return {"_id": repo.hex_id, "id": repo.full_name, "private": repo.private, "likes": repo.likes}


def _owner(owner: Owner, base_url: str) -> dict[str, Any]:
    avatar = avatar_url(owner, base_url)
    return {"_id": public_id(owner.id), "fullname": owner.title, "avatarUrl": avatar, "type": owner.kind.value}
