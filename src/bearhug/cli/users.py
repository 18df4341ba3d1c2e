"""`bearhug user …`"""

import secrets
from typing import Any

import click

from bearhug.base.clock import iso
from bearhug.cli.desk import OPERATOR, Desk, confirm, with_desk
from bearhug.hub.accounts.records import Owner, OwnerKind, Profile


@click.group()
def user() -> None:
    """People who have an account."""


@user.command()
@click.argument("name")
@click.option("--password", help="Without it one is made and printed.")
@click.option("--fullname", default="")
@click.option("--email")
@click.option("--admin", is_flag=True, help="May do everything on this hub.")
@with_desk
def add(desk: Desk, name: str, password: str | None, fullname: str, email: str | None, *, admin: bool) -> None:
    """Make an account."""
    word = password or secrets.token_urlsafe(12)
    owner = desk.app.accounts.create(name, word, Profile(fullname=fullname, email=email), admin=admin)
    made = {} if password else {"password": word}
    lines = [f"Account {owner.name} is ready."]
    desk.say({**_shown(owner), **made}, *lines, *(f"Password: {word}" for word in made.values()))


@user.command()
@click.argument("name")
@click.option("--password", help="Without it one is made and printed.")
@with_desk
def passwd(desk: Desk, name: str, password: str | None) -> None:
    """Give an account another password; its browsers are signed out."""
    word = password or secrets.token_urlsafe(12)
    desk.app.sessions.reset_password(name, word)
    made = {} if password else {"password": word}
    desk.say({"name": name, **made}, f"{name} has a new password.", *(f"Password: {word}" for word in made.values()))


@user.command("list")
@with_desk
def list_users(desk: Desk) -> None:
    """All accounts by name."""
    after, found = "", []
    while page := desk.app.accounts.listing(OwnerKind.USER, after=after):
        found += page
        after = page[-1].name
    desk.table(_shown(owner) for owner in found)


@user.command()
@click.argument("name")
@with_desk
def show(desk: Desk, name: str) -> None:
    """One account and its organizations."""
    owner = desk.app.accounts.get(name)
    with desk.app.db.reading() as tx:
        orgs = {membership.org.name: membership.role.value for membership in desk.app.orgs.orgs_of(tx, owner.id)}
    shown = {**_shown(owner), "orgs": orgs}
    desk.say(shown, *(f"{field}: {value}" for field, value in shown.items()))


@user.command()
@click.argument("name")
@click.argument("new_name")
@with_desk
def rename(desk: Desk, name: str, new_name: str) -> None:
    """Give somebody another name; the old one leads to it."""
    renamed = desk.app.profiles.rename(OPERATOR, desk.app.accounts.get(name).name, new_name)
    desk.say(_shown(renamed), f"{name} is now {renamed.name}.")


@user.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_desk
def delete(desk: Desk, name: str, *, yes: bool) -> None:
    """Delete an account that owns no repositories any more."""
    confirm(f"Delete the account {name} for good?", yes=yes)
    desk.app.profiles.delete_account(name)
    desk.say({"name": name, "deleted": True}, f"The account {name} is gone.")


@user.command()
@click.argument("name")
@click.option("--dismiss", is_flag=True, help="Back to a plain account.")
@with_desk
def admin(desk: Desk, name: str, *, dismiss: bool) -> None:
    """Make somebody an administrator of the hub."""
    if dismiss:
        desk.app.accounts.dismiss_admin(name)
    else:
        desk.app.accounts.make_admin(name)
    word = "no longer" if dismiss else "now"
    desk.say({"name": name, "admin": not dismiss}, f"{name} is {word} an administrator.")


@user.command()
@click.argument("name")
@click.option("--unlock", is_flag=True, help="Let them in again.")
@with_desk
def lock(desk: Desk, name: str, *, unlock: bool) -> None:
    """Keep somebody out: no sign-in and no token of theirs works."""
    with desk.app.db.writing() as tx:
        owner = desk.app.accounts.find(tx, name)
        if unlock:
            desk.app.accounts.unlock(tx, owner)
        else:
            desk.app.accounts.lock(tx, owner)
    desk.say({"name": owner.name, "locked": not unlock}, f"{owner.name} is {'unlocked' if unlock else 'locked'}.")


@user.command()
@click.option("--note", default="", help="For whom it is.")
@with_desk
def invite(desk: Desk, note: str) -> None:
    """Print an invitation that makes one account within two weeks."""
    secret = desk.app.accounts.invite(None, note)
    base = desk.config.public_url or f"http://{desk.config.host}:{desk.config.port}"
    desk.say({"invite": secret, "url": f"{base}/join?invite={secret}"}, f"{base}/join?invite={secret}")


def _shown(owner: Owner) -> dict[str, Any]:
    return {
        "name": owner.name,
        "fullname": owner.fullname,
        "email": owner.email,
        "admin": owner.is_admin,
        "locked": not owner.is_active,
        "created": iso(owner.created_at),
    }
