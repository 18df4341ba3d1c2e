"""Liking: once a user and repository; only what one may see."""

from bearhug.base.db import Duplicate, Tx
from bearhug.base.errors import Forbidden, NotFound, Unauthenticated
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on, may_write_account
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.likes import store
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos


class Likes:
    """Likes of repositories."""

    def __init__(self, repos: Repos, accounts: Accounts) -> None:
        self.repos = repos
        self._accounts = accounts

    def add(self, actor: Actor, name: RepoName) -> None:
        """Liking twice counts once."""
        try:
            self._change(actor, name, liked=True)
        except Duplicate:
            return

    def remove(self, actor: Actor, name: RepoName) -> None:
        self._change(actor, name, liked=False)

    def _change(self, actor: Actor, name: RepoName, *, liked: bool) -> None:
        with self.repos.db.writing() as tx:
            repo = self.repos.open(tx, actor, name, Level.READ, content=False)
            if actor.user_id is None:
                raise Unauthenticated("Sign in to like a repository.")
            if not may_write_account(actor):
                raise Forbidden("This token may not like repositories. Use a write token.")
            store.hold(tx, repo.id)
            changed = (store.add if liked else store.remove)(tx, repo.id, actor.user_id)
            if changed:
                store.recount(tx, repo.id)

    def is_liked(self, tx: Tx, actor: Actor, repo: Repo) -> bool:
        return actor.user_id is not None and store.has(tx, repo.id, actor.user_id)

    def likers(self, actor: Actor, name: RepoName, *, after: int, limit: int) -> list[tuple[int, str, str]]:
        """(id, user name, full name) of those who like a repository, by id."""
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.READ, content=False)
            return [(row[0], row[1], row[2]) for row in store.likers(tx, repo.id, after=after, limit=limit)]

    def of_user(self, actor: Actor, user: str, *, after: int, limit: int) -> tuple[list[Repo], int | None]:
        """What a user likes, as far as the actor may see it; and where the next page begins."""
        with self.repos.db.reading() as tx:
            found = self._accounts.find_owner(tx, user)
            if found is None or found.is_org:
                raise NotFound(f'There is no user "{user[:100]}".')
            repos = store.liked(tx, found.id, after=after, limit=limit)
        seen = [repo for repo in repos if level_on(actor, repo.target) >= Level.READ]
        return seen, repos[-1].id if len(repos) == limit else None
