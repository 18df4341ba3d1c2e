"""The rules: the level of an actor on a repository or a namespace, pure and complete."""

from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.hub.access.records import Actor, Grant, Level, Role, Scope, Target, TokenKind

ROLE_LEVEL = {
    Role.NO_ACCESS: Level.NONE,
    Role.READ: Level.READ,
    Role.CONTRIBUTOR: Level.READ,
    Role.WRITE: Level.WRITE,
    Role.ADMIN: Level.ADMIN,
}

PERMISSION_LEVEL = {
    "repo.content.read": Level.READ,
    "repo.content.write": Level.WRITE,
    "repo.write": Level.ADMIN,
    "repo.config.write": Level.ADMIN,
    "repo.config.visibility.write": Level.ADMIN,
}


def level_on(actor: Actor, target: Target) -> Level:
    """How far the actor's rights reach on this repository, token included."""
    public = Level.NONE if target.private or not actor.may_read_public else Level.READ
    if actor.is_anonymous:
        return public
    own = _level_of_user(actor, target)
    if actor.grant is not None:
        own = min(own, _cap(actor.grant, target))
    return max(own, public)


def passes_gate(actor: Actor, target: Target, *, let_in: bool) -> bool:
    """Whether the actor reads a gated repository: as owner, member or administrator, or because they were let in.

    A fine-grained token must be for this repository, or say that it reads gated ones.
    """
    if not let_in and _level_of_user(actor, target) < Level.READ:
        return False
    return actor.grant is None or actor.grant.reads_gated or _cap(actor.grant, target) >= Level.READ


def may_create_in(actor: Actor, owner_id: int, owner_name: str, *, is_org: bool) -> bool:
    """Whether the actor may create repositories in a namespace."""
    if actor.is_anonymous:
        return False
    role = actor.orgs.get(owner_id)
    allowed = (role in (Role.CONTRIBUTOR, Role.WRITE, Role.ADMIN)) if is_org else owner_id == actor.user_id
    if not (allowed or actor.is_admin):
        return False
    return actor.grant is None or _may_create(actor.grant, owner_name, is_org=is_org)


def may_administer(actor: Actor, owner_id: int, owner_name: str = "", *, is_org: bool) -> bool:
    """Whether the actor may change a namespace itself: its profile, members, settings."""
    if actor.is_anonymous or not _may_manage(actor.grant, owner_name, is_org=is_org):
        return False
    if actor.is_admin:
        return True
    return actor.orgs.get(owner_id) is Role.ADMIN if is_org else owner_id == actor.user_id


def permits(grant: Grant | None, permission: str, entity: str, name: str) -> bool:
    """Whether a fine-grained token has a permission on one entity or everywhere; other means are not limited here."""
    if grant is None or grant.kind is not TokenKind.FINE_GRAINED:
        return True
    return permission in grant.everywhere or any(
        scope.entity == entity and scope.name == name.lower() and permission in scope.permissions
        for scope in grant.scopes
    )


def may_write_account(actor: Actor) -> bool:
    """Whether the actor may act for the account at large (likes, settings); read tokens may not."""
    return not actor.is_anonymous and (actor.grant is None or actor.grant.kind is TokenKind.WRITE)


def signed_in(actor: Actor) -> int:
    """The user id of whoever signed in; `Unauthenticated` for nobody."""
    if actor.user_id is None:
        raise Unauthenticated
    return actor.user_id


def own_account(actor: Actor) -> int:
    """The user id of somebody who may change their own account; read tokens and fine-grained ones may not."""
    user_id = signed_in(actor)
    if not may_administer(actor, user_id, is_org=False):
        raise Forbidden("This token may not change the account.")
    return user_id


def _level_of_user(actor: Actor, target: Target) -> Level:
    if actor.is_admin or (not target.owner_is_org and target.owner_id == actor.user_id):
        return Level.ADMIN
    role = actor.orgs.get(target.owner_id)
    if role is None:
        return Level.NONE
    if role is Role.CONTRIBUTOR and target.creator_id == actor.user_id:
        return Level.ADMIN
    return ROLE_LEVEL[role]


def _cap(grant: Grant, target: Target) -> Level:
    if grant.kind is TokenKind.READ:
        return Level.READ
    if grant.kind is TokenKind.WRITE:
        return Level.ADMIN
    owner = target.full_name.partition("/")[0]
    permissions = set(grant.everywhere)
    for scope in grant.scopes:
        if _covers(scope, target, owner):
            permissions |= scope.permissions
    return max((PERMISSION_LEVEL.get(name, Level.NONE) for name in permissions), default=Level.NONE)


def _covers(scope: Scope, target: Target, owner: str) -> bool:
    if scope.entity in ("user", "org"):
        return scope.name == owner.lower()
    return scope.entity == target.entity and scope.name == target.full_name.lower()


def _may_manage(grant: Grant | None, name: str, *, is_org: bool) -> bool:
    if grant is None or grant.kind is TokenKind.WRITE:
        return True
    return is_org and grant.kind is TokenKind.FINE_GRAINED and permits(grant, "org.write", "org", name)


def _may_create(grant: Grant, owner_name: str, *, is_org: bool) -> bool:
    if grant.kind is TokenKind.READ:
        return False
    return permits(grant, "repo.write", "org" if is_org else "user", owner_name)
