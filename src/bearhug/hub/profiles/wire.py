"""People as the Hub writes them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.hub.access.records import TokenKind
from bearhug.hub.accounts.records import Owner, public_id
from bearhug.hub.orgs.records import Member, Membership
from bearhug.hub.profiles.records import Overview
from bearhug.hub.tokens.records import Origin, Token
from bearhug.hub.tokens.wire import fine_grained


def avatar_url(owner: Owner, base_url: str) -> str:
    return f"{base_url}/avatars/{owner.name}"


def whoami(user: Owner, orgs: list[Membership], token: Token | None, base_url: str) -> dict[str, Any]:
    """The answer of `whoami-v2`: `orgs` and `auth.accessToken.role` are what clients insist on."""
    answer: dict[str, Any] = {
        "type": "user",
        "id": public_id(user.id),
        "name": user.name,
        "fullname": user.title,
        "email": user.email,
        "emailVerified": bool(user.email),
        "canPay": False,
        "isPro": False,
        "isAdmin": user.is_admin,
        "periodEnd": None,
        "avatarUrl": avatar_url(user, base_url),
        "orgs": [_membership(membership, base_url) for membership in orgs],
        "auth": {"type": "session"},
    }
    if token is not None:
        kind = "access_token" if token.origin is Origin.SETTINGS else "oauth"
        answer["auth"] = {"type": kind, "accessToken": _token(token)}
    return answer


def _membership(membership: Membership, base_url: str) -> dict[str, Any]:
    org = membership.org
    return {
        "type": "org",
        "id": public_id(org.id),
        "name": org.name,
        "fullname": org.title,
        "email": None,
        "canPay": False,
        "periodEnd": None,
        "isEnterprise": False,
        "avatarUrl": avatar_url(org, base_url),
        "roleInOrg": membership.role.value,
    }


def _token(token: Token) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": token.kind.value, "createdAt": iso(token.created_at)}
    if token.origin is Origin.SETTINGS:  # clients name what has no name after its user
        shown["displayName"] = token.name
    if token.kind is TokenKind.FINE_GRAINED:
        shown["fineGrained"] = fine_grained(token.grant)
    return shown


def user_overview(seen: Overview, base_url: str) -> dict[str, Any]:
    user = seen.owner
    return {
        **user_line(user, base_url),
        "type": "user",
        "details": user.bio,
        "homepage": user.homepage,
        "createdAt": iso(user.created_at),
        **_counts(seen),
        "orgs": [_org_line(membership.org, base_url) for membership in seen.orgs],
    }


def org_overview(seen: Overview, base_url: str) -> dict[str, Any]:
    org = seen.owner
    return {
        **_org_line(org, base_url),
        "type": "org",
        "details": org.bio,
        "homepage": org.homepage,
        "isVerified": False,
        "createdAt": iso(org.created_at),
        "numUsers": seen.members,
        **_counts(seen),
    }


def member(found: Member, base_url: str) -> dict[str, Any]:
    return {**user_line(found.user, base_url), "type": "user", "role": found.role.value}


def user_line(user: Owner, base_url: str) -> dict[str, Any]:
    """A user as lists show them."""
    return {
        "_id": public_id(user.id),
        "user": user.name,
        "fullname": user.title,
        "avatarUrl": avatar_url(user, base_url),
        "isPro": False,
    }


def _org_line(org: Owner, base_url: str) -> dict[str, Any]:
    return {
        "_id": public_id(org.id),
        "name": org.name,
        "fullname": org.title,
        "avatarUrl": avatar_url(org, base_url),
    }


def _counts(seen: Overview) -> dict[str, int | bool]:
    kinds = {"numModels": "model", "numDatasets": "dataset", "numSpaces": "space"}
    return {**{field: seen.repos.get(kind, 0) for field, kind in kinds.items()}, **seen.more}
