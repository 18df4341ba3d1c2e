"""Puts together what is new for somebody who signed in."""

from collections.abc import Mapping
from datetime import timedelta

from bearhug.base.db import Database, Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.feed import store
from bearhug.hub.feed.records import Activity, Deed
from bearhug.hub.repos.records import Repo

SAME = timedelta(hours=1)
"""A repository that was last changed this soon after it was made is told of as new."""


class Feed:
    """News for one person."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def own(self, tx: Tx, actor: Actor, *, limit: int) -> list[Repo]:
        """The actor's own repositories, the ones changed last first."""
        return store.own(tx, actor.user_id, limit) if actor.user_id is not None else []

    def activity(self, tx: Tx, actor: Actor, *, limit: int) -> list[Activity]:
        """What those whom the actor follows made, changed and liked, the newest first."""
        if actor.user_id is None:
            return []
        return self._of(tx, actor, store.followed(tx, actor.user_id), limit)

    def of_one(self, tx: Tx, actor: Actor, owner_id: int, name: str, *, limit: int) -> list[Activity]:
        """What one owner did lately, as far as the actor may see it."""
        return self._of(tx, actor, {owner_id: name}, limit)

    def _of(self, tx: Tx, actor: Actor, names: Mapping[int, str], limit: int) -> list[Activity]:
        changed = sorted(store.newest(tx, store.CHANGED, names), key=lambda row: row[1], reverse=True)[: 2 * limit]
        liked = sorted(store.newest(tx, store.LIKED, names), key=lambda row: row[1], reverse=True)[: 2 * limit]
        repos = store.seen(tx, actor, {row[0] for row in (*changed, *liked)})
        found = [_deed(names[who], repos[repo_id]) for repo_id, _, who in changed if repo_id in repos]
        found += [
            Activity(names[who], Deed.LIKED, repos[repo_id], at) for repo_id, at, who in liked if repo_id in repos
        ]
        return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _deed(who: str, repo: Repo) -> Activity:
    is_new = repo.updated_at - repo.created_at < SAME
    return Activity(who, Deed.MADE if is_new else Deed.CHANGED, repo, repo.updated_at)
