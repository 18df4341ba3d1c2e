"""People as the Hub writes them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.hub.access.records import Grant, Scope, TokenKind
from bearhug.hub.accounts.records import Owner, public_id
from bearhug.hub.orgs.records import Membership
from bearhug.hub.tokens.records import Token


def avatar_url(owner: Owner, base_url: str) -> str:
    kind = "organizations" if owner.is_org else "users"
    return f"{base_url}/api/{kind}/{owner.name}/avatar"


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
        answer["auth"] = {"type": "access_token", "accessToken": _token(token)}
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
    shown: dict[str, Any] = {"displayName": token.name, "role": token.kind.value, "createdAt": iso(token.created_at)}
    if token.kind is TokenKind.FINE_GRAINED:
        shown["fineGrained"] = fine_grained(token.grant)
    return shown


def fine_grained(grant: Grant) -> dict[str, Any]:
    """Scopes of a fine-grained token, as `whoami-v2` and the token list show them."""
    return {
        "canReadGatedRepos": grant.reads_gated,
        "global": sorted(grant.everywhere),
        "scoped": [_scope(scope) for scope in grant.scopes],
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {"entity": {"type": scope.entity, "name": scope.name}, "permissions": sorted(scope.permissions)}
