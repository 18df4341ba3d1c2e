"""Following and no longer following."""

from collections.abc import Mapping

from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest, Forbidden
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import may_write_account, signed_in
from bearhug.hub.accounts.records import Owner
from bearhug.hub.follows import store
from bearhug.hub.profiles.service import Profiles


class Follows:
    """Users follow users and organisations."""

    def __init__(self, db: Database, profiles: Profiles) -> None:
        self.db = db
        self._profiles = profiles

    def follow(self, actor: Actor, name: str) -> None:
        """Doing it twice is doing it once."""
        user_id, owner = self._who_and_whom(actor, name)
        if owner.id == user_id:
            raise BadRequest("You cannot follow yourself.")
        with self.db.writing() as tx:
            store.add(tx, user_id, owner.id)

    def unfollow(self, actor: Actor, name: str) -> None:
        user_id, owner = self._who_and_whom(actor, name)
        with self.db.writing() as tx:
            store.remove(tx, user_id, owner.id)

    def followers(self, actor: Actor, name: str, *, after: str, limit: int) -> list[Owner]:
        """Who follows an owner, by name."""
        owner = self._profiles.owner(actor, name)
        with self.db.reading() as tx:
            return store.followers(tx, owner.id, after=after.lower(), limit=limit)

    def following(self, actor: Actor, name: str, *, after: str, limit: int) -> list[Owner]:
        """Users whom a user follows, by name."""
        owner = self._profiles.owner(actor, name)
        with self.db.reading() as tx:
            return store.following(tx, owner.id, after=after.lower(), limit=limit)

    def _who_and_whom(self, actor: Actor, name: str) -> tuple[int, Owner]:
        user_id = signed_in(actor)
        if not may_write_account(actor):
            raise Forbidden("This token may only read.")
        return user_id, self._profiles.owner(actor, name)


def facts(tx: Tx, actor: Actor, owner: Owner) -> Mapping[str, int | bool]:
    """What overviews tell about followers."""
    found: dict[str, int | bool] = {"numFollowers": store.count_followers(tx, owner.id)}
    if not owner.is_org:
        found["numFollowing"] = store.count_following(tx, owner.id)
    if actor.user_id is not None:
        found["isFollowing"] = store.has(tx, actor.user_id, owner.id)
    return found
