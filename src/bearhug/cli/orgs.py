"""`bearhug org …`"""

from typing import Any

import click

from bearhug.base.clock import iso
from bearhug.cli.desk import OPERATOR, Desk, confirm, with_desk
from bearhug.hub.access.records import Role
from bearhug.hub.accounts.records import Owner, OwnerKind, Profile

ROLE = click.Choice([role.value for role in Role])


@click.group()
def org() -> None:
    """Organizations and their members."""


@org.command()
@click.argument("name")
@click.option("--owner", required=True, help="The user who administers it.")
@click.option("--fullname", default="")
@with_desk
def add(desk: Desk, name: str, owner: str, fullname: str) -> None:
    """Make an organization."""
    with desk.app.db.writing() as tx:
        made = desk.app.orgs.add(tx, desk.app.accounts.find(tx, owner).id, name, Profile(fullname=fullname))
    desk.say(_shown(made), f"Organization {made.name} is ready; {owner} administers it.")


@org.command("list")
@with_desk
def list_orgs(desk: Desk) -> None:
    """All organizations by name."""
    after, found = "", []
    while page := desk.app.accounts.listing(OwnerKind.ORG, after=after):
        found += page
        after = page[-1].name
    desk.table(_shown(owner) for owner in found)


@org.command()
@click.argument("name")
@click.argument("new_name")
@with_desk
def rename(desk: Desk, name: str, new_name: str) -> None:
    """Give an organization another name; the old one leads to it."""
    renamed = desk.app.profiles.rename(OPERATOR, desk.app.orgs.get(name).name, new_name)
    desk.say(_shown(renamed), f"{name} is now {renamed.name}.")


@org.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_desk
def delete(desk: Desk, name: str, *, yes: bool) -> None:
    """Delete an organization that owns no repositories any more."""
    confirm(f"Delete the organization {name} for good?", yes=yes)
    desk.app.orgs.delete(OPERATOR, name)
    desk.say({"name": name, "deleted": True}, f"The organization {name} is gone.")


@org.group()
def member() -> None:
    """Who is in an organization, and with which role."""


@member.command("add")
@click.argument("name")
@click.argument("user")
@click.option("--role", type=ROLE, default=Role.READ.value, show_default=True)
@with_desk
def add_member(desk: Desk, name: str, user: str, role: str) -> None:
    """Take somebody in."""
    desk.app.orgs.add_member(OPERATOR, name, user, Role(role))
    desk.say({"org": name, "user": user, "role": role}, f"{user} is in {name} with role {role}.")


@member.command("role")
@click.argument("name")
@click.argument("user")
@click.argument("role", type=ROLE)
@with_desk
def change_role(desk: Desk, name: str, user: str, role: str) -> None:
    """Give a member another role."""
    desk.app.orgs.change_role(OPERATOR, name, user, Role(role))
    desk.say({"org": name, "user": user, "role": role}, f"{user} is in {name} with role {role}.")


@member.command("remove")
@click.argument("name")
@click.argument("user")
@with_desk
def remove_member(desk: Desk, name: str, user: str) -> None:
    """Take somebody out."""
    desk.app.orgs.remove_member(OPERATOR, name, user)
    desk.say({"org": name, "user": user, "removed": True}, f"{user} is no longer in {name}.")


@member.command("list")
@click.argument("name")
@with_desk
def list_members(desk: Desk, name: str) -> None:
    """The members by name."""
    rows, after = [], ""
    with desk.app.db.reading() as tx:
        org_id = desk.app.orgs.find(tx, name).id
        while page := desk.app.orgs.members(tx, org_id, after=after):
            rows += page
            after = page[-1].user.name
    desk.table({"user": row.user.name, "role": row.role.value, "since": iso(row.since)} for row in rows)


def _shown(owner: Owner) -> dict[str, Any]:
    return {"name": owner.name, "fullname": owner.fullname, "created": iso(owner.created_at)}
