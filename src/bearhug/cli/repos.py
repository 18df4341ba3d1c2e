"""`bearhug repo …`"""

from typing import Any

import click

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest, Forbidden
from bearhug.cli.desk import OPERATOR, Desk, confirm, plain, with_desk
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.repos.records import KINDS, Repo, RepoName
from bearhug.hub.repos.service import NewRepo

KIND = click.option("--type", "kind", type=click.Choice(list(KINDS)), default="model", show_default=True)


@click.group()
def repo() -> None:
    """Models, datasets and Spaces."""


@repo.command()
@click.argument("name", metavar="OWNER/NAME")
@KIND
@click.option("--private", is_flag=True, help="Only its owner and members of its organization see it.")
@click.option("--license", "licence", help="Goes into the card, as in apache-2.0.")
@click.option("--sdk", help="Of a Space: gradio, docker or static.")
@with_desk
def create(desk: Desk, name: str, kind: str, licence: str | None, sdk: str | None, *, private: bool) -> None:
    """Make a repository with its first commit."""
    wanted = _name(name, kind)
    new = NewRepo(kind, wanted.name, wanted.owner, private=private, licence=licence, sdk=sdk)
    made = desk.app.repos.create(_creator(desk, wanted.owner), new)
    desk.say(_shown(made), f"The {kind} {made.full_name} is ready.")


@repo.command("list")
@click.option("--type", "kind", type=click.Choice(list(KINDS)), help="Only of this type.")
@click.option("--owner", help="Only of this user or organization.")
@with_desk
def list_repos(desk: Desk, kind: str | None, owner: str | None) -> None:
    """All repositories, oldest first."""
    owner_id = None
    if owner is not None:
        with desk.app.db.reading() as tx:
            found = desk.app.accounts.find_owner(tx, owner)
        if found is None:
            raise BadRequest(f"There is no user or organization {owner}.")
        owner_id = found.id
    desk.table(_shown(one) for one in desk.app.repos.walk(owner_id=owner_id) if kind in (None, one.kind))


@repo.command()
@click.argument("name", metavar="OWNER/NAME")
@KIND
@with_desk
def show(desk: Desk, name: str, kind: str) -> None:
    """What is known of one repository, and where its git folder lies."""
    found = _found(desk, name, kind)
    facts = _shown(found) | _more(found) | {"folder": str(desk.app.git.path(found.folder))}
    desk.say(facts, *(f"{key:<10} {plain(value)}" for key, value in facts.items()))


@repo.command()
@click.argument("name", metavar="OWNER/NAME")
@KIND
@click.option("--private/--public", "private", default=None, help="Who may see it.")
@click.option("--gated", type=click.Choice(["auto", "manual", "no"]), help="Whether people must ask for its files.")
@click.option("--disabled/--enabled", "disabled", default=None, help="Shut it for everybody but administrators.")
@with_desk
def settings(
    desk: Desk, name: str, kind: str, gated: str | None, *, private: bool | None, disabled: bool | None
) -> None:
    """Change who may see or read a repository."""
    gate = {"no": "", None: None}.get(gated, gated)
    changed = desk.app.repos.change_settings(
        OPERATOR, _name(name, kind), private=private, gated=gate, disabled=disabled
    )
    facts = _shown(changed) | _more(changed)
    states = ["private" if changed.private else "public", *(["gated"] if changed.gated else [])]
    states += ["disabled"] if changed.disabled else []
    desk.say(facts, f"The {kind} {changed.full_name} is {', '.join(states)}.")


@repo.command()
@click.argument("name", metavar="OWNER/NAME")
@KIND
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_desk
def delete(desk: Desk, name: str, kind: str, *, yes: bool) -> None:
    """Delete a repository with all its files and history."""
    confirm(f"Delete the {kind} {name} for good?", yes=yes)
    desk.app.repos.delete(OPERATOR, _name(name, kind))
    desk.say({"name": name, "type": kind, "deleted": True}, f"The {kind} {name} is gone.")


@repo.command()
@click.argument("source", metavar="OWNER/NAME")
@click.argument("target", metavar="NEW_OWNER/NEW_NAME")
@KIND
@with_desk
def move(desk: Desk, source: str, target: str, kind: str) -> None:
    """Rename a repository or give it to somebody else; the old name redirects."""
    moved = desk.app.repos.move(OPERATOR, _name(source, kind), _name(target, kind))
    desk.say(_shown(moved), f"{source} is now {moved.full_name}.")


def _name(text: str, kind: str) -> RepoName:
    owner, slash, name = text.partition("/")
    if not slash or not owner or not name or "/" in name:
        raise BadRequest(f"Write OWNER/NAME, not {text}.")
    return RepoName(kind, owner, name)


def _creator(desk: Desk, owner_name: str) -> Actor:
    """Whoever the first commit is by: the owner, or an administrator of the organization."""
    app = desk.app
    with app.db.reading() as tx:
        owner = app.accounts.find_owner(tx, owner_name)
        if owner is None:
            raise BadRequest(f"There is no user or organization {owner_name}.")
        if not owner.is_org:
            return Actor(owner.id, owner.name)
        for member in app.orgs.members(tx, owner.id):
            if member.role is Role.ADMIN:
                return Actor(member.user.id, member.user.name, orgs={owner.id: Role.ADMIN})
    raise Forbidden(f"Nobody administers {owner_name}.")


def _found(desk: Desk, name: str, kind: str) -> Repo:
    with desk.app.db.reading() as tx:
        return desk.app.repos.open(tx, OPERATOR, _name(name, kind))


def _more(one: Repo) -> dict[str, Any]:
    return {
        "gated": one.gated or None,
        "disabled": one.disabled,
        "head": one.head,
        "likes": one.likes,
        "downloads": one.downloads_all,
    }


def _shown(one: Repo) -> dict[str, Any]:
    return {
        "name": one.full_name,
        "type": one.kind,
        "private": one.private,
        "bytes": one.used_storage,
        "created": iso(one.created_at),
        "changed": iso(one.updated_at),
    }
