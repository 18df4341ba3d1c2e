"""`bearhug storage`"""

from typing import Any

import click

from bearhug.base.html.figures import size
from bearhug.cli.desk import OPERATOR, Desk, plain, with_desk
from bearhug.hub.repos.records import RepoName
from bearhug.hub.storage.records import Account


@click.command()
@click.argument("owner", required=False)
@with_desk
def storage(desk: Desk, owner: str | None) -> None:
    """What large files take up, share and save: of the whole hub, or of an OWNER and each of its repositories.

    Logical as the files are long, stored as they lie on the disk with each chunk once, shared what of that others need
    as well, saved the difference of the first two. In bytes with --json.
    """
    if owner is None:
        house = desk.app.storage.of_house()
        shown = {
            **_shown(house.account),
            "xorbs": house.xorbs,
            "xorb_bytes": house.xorb_bytes,
            "unpacked_files": house.files,
            "cached_files": house.cached,
        }
        lines = (
            f"{name.replace('_', ' ')}: {value if name == 'xorbs' else size(value)}" for name, value in shown.items()
        )
        desk.say(shown, *lines)
        return
    rows = [{"what": owner, **_shown(desk.app.storage.of_owner(OPERATOR, owner))}]
    for repo in desk.app.storage.repos(desk.app.accounts.get(owner).id):
        account = desk.app.storage.of_repo(OPERATOR, RepoName(repo.kind, repo.owner, repo.name))
        rows.append({"what": repo.path, **_shown(account)})
    desk.table(rows, said=lambda value: size(value) if isinstance(value, int) else plain(value))


def _shown(account: Account) -> dict[str, Any]:
    return {
        "logical": account.logical,
        "stored": account.stored,
        "shared": account.shared,
        "saved": account.saved,
    }
