"""`bearhug user …`"""

import secrets
from typing import Any

import click

from bearhug.base.clock import iso
from bearhug.cli.desk import OPERATOR, Desk, confirm, plain, with_desk, with_new_desk
from bearhug.hub.accounts.records import Owner, OwnerKind, Profile
from bearhug.hub.repos.records import RepoName

SHOWN = 20


@click.group()
def user() -> None:
    """People who have an account."""


@user.command()
@click.argument("name")
@click.option("--password", help="Without it one is made and printed.")
@click.option("--fullname", default="", help="Shown beside the name.")
@click.option("--email", help="For administrators; nobody else sees it.")
@click.option("--admin", is_flag=True, help="May do everything on this hub.")
@with_new_desk
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


@user.command("reset-link")
@click.argument("name")
@with_desk
def reset_link(desk: Desk, name: str) -> None:
    """Print a link by which somebody sets a new password: once, within a day."""
    url = f"{desk.address}/reset/{desk.app.resets.ticket(name)}"
    desk.say({"name": name, "url": url}, url)


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
    facts = _shown(owner)
    roles = ", ".join(f"{name} ({role})" for name, role in orgs.items()) or None
    lines = (f"{field:<9} {plain(value)}" for field, value in {**facts, "orgs": roles}.items())
    desk.say({**facts, "orgs": orgs}, *lines)


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
@click.option("--with-repos", is_flag=True, help="Delete the repositories of the account too, for good.")
@with_desk
def delete(desk: Desk, name: str, *, yes: bool, with_repos: bool) -> None:
    """Delete an account, its tokens and sign-ins. Its repositories have to be moved before, or are deleted with it."""
    owner = desk.app.accounts.get(name)
    owned = list(desk.app.repos.walk(owner_id=owner.id))
    if owned and not with_repos:
        raise click.ClickException(_still_owns(owner.name, [repo.path for repo in owned]))
    also = f" and {_repositories(len(owned))}" if owned else ""
    confirm(f"Delete the account {owner.name}{also} for good?", yes=yes)
    desk.app.profiles.refuse_needed(owner.name)
    for repo in owned:
        desk.app.repos.delete(OPERATOR, RepoName(repo.kind, repo.owner, repo.name))
    desk.app.profiles.delete_account(owner.name)
    gone = [repo.path for repo in owned]
    desk.say({"name": owner.name, "deleted": True, "repositories": gone}, f"The account {owner.name}{also} is gone.")


def _repositories(count: int) -> str:
    return "its repository" if count == 1 else f"its {count} repositories"


def _still_owns(name: str, paths: list[str]) -> str:
    shown = "".join(f"  {path}\n" for path in paths[:SHOWN])
    more = f"  … and {len(paths) - SHOWN} more\n" if len(paths) > SHOWN else ""
    return (
        f"{name} still owns {len(paths)}:\n{shown}{more}"
        f"Give them to somebody else first (bearhug repo move {name}/NAME OWNER/NAME), "
        "or delete them with the account: --with-repos"
    )


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
    url = f"{desk.address}/join?invite={secret}"
    desk.say({"invite": secret, "url": url}, url)


def _shown(owner: Owner) -> dict[str, Any]:
    return {
        "name": owner.name,
        "fullname": owner.fullname,
        "email": owner.email,
        "admin": owner.is_admin,
        "locked": not owner.is_active,
        "created": iso(owner.created_at),
    }
