"""Accounts of repositories, of owners and of the whole hub, computed when they are asked for."""

from collections.abc import Collection, Iterator

from bearhug.base.db import Tx
from bearhug.base.errors import NotFound
from bearhug.hub.access.records import Actor, Level, Target
from bearhug.hub.access.rules import level_on
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.objects.records import XET
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.storage.coverage import Coverage
from bearhug.hub.storage.records import Account, House


class Storage:
    """What takes how much room."""

    def __init__(self, lfs: Lfs, recipes: Recipes, accounts: Accounts) -> None:
        self._lfs = lfs
        self._recipes = recipes
        self._accounts = accounts
        self._coverage = Coverage(recipes.xorbs)
        self.db = recipes.db

    def of_repo(self, actor: Actor, name: RepoName) -> Account:
        """Of one repository, for whoever may read it."""
        with self.db.reading() as tx:
            repo = self._lfs.repos.open(tx, actor, name)
            return self._account(tx, {repo.id}, self._lfs.repo_usage(tx, repo.id))

    def of_owner(self, actor: Actor, owner: str) -> Account:
        """Of all repositories of an owner, for whoever reads them all."""
        with self.db.reading() as tx:
            found = self._accounts.find_owner(tx, owner)
            if found is None or level_on(actor, _anything(found)) < Level.READ:
                raise NotFound(f'There is no user or organization "{owner}".')
            logical = self._lfs.usage(tx, found.id).logical
        repo_ids = {repo.id for repo in self.repos(found.id)}
        with self.db.reading() as tx:
            return self._account(tx, repo_ids, logical)

    def of_house(self) -> House:
        """Of the whole hub, for its operator."""
        with self.db.reading() as tx:
            files = self._lfs.every_whole_byte(tx)
            chunks = self._coverage.size(self._coverage.of(self._recipes.many(tx, self._lfs.every_file(tx))))
            account = Account(self._lfs.usage(tx).logical, chunks + files, shared=0)
            count, xorb_bytes, _ = self._recipes.xorbs.totals(tx)
            return House(account, count, xorb_bytes, files, self._lfs.objects.whole_bytes(tx, XET))

    def repos(self, owner_id: int | None = None) -> Iterator[Repo]:
        """Repositories, of one owner or all."""
        return self._lfs.repos.walk(owner_id=owner_id)

    def _account(self, tx: Tx, repo_ids: Collection[int], logical: int) -> Account:
        whole = self._lfs.whole_bytes(tx, repo_ids)
        mine = self._recipes.many(tx, self._lfs.files_of(tx, repo_ids))
        others = self._lfs.held_elsewhere(tx, self._recipes.sharing(tx, mine), repo_ids)
        masks = self._coverage.of(mine)
        shared = self._coverage.size(masks, self._coverage.of(self._recipes.many(tx, others)))
        return Account(logical, self._coverage.size(masks) + whole.stored, shared + whole.shared)


def _anything(owner: Owner) -> Target:
    """Whatever the owner may have: whoever reads this reads it all."""
    return Target("model", f"{owner.name}/*", owner.id, owner.is_org, private=True, creator_id=None)
