"""Organisations: create, and who is in them with which role."""

from bearhug.base.db import Database, Tx
from bearhug.hub.access.records import Role
from bearhug.hub.orgs import store
from bearhug.hub.orgs.records import Membership


class Orgs:
    """Organisations and their members."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def roles_of(self, tx: Tx, user_id: int) -> dict[int, Role]:
        return store.roles_of(tx, user_id)

    def orgs_of(self, tx: Tx, user_id: int) -> list[Membership]:
        return store.orgs_of(tx, user_id)
