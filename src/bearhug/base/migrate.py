"""Brings a database to the tables of this version."""

from bearhug.base.db import Database, metadata


def upgrade(db: Database) -> None:
    """Create or upgrade the tables; nothing happens where they are up to date."""
    with db.writing() as tx:
        metadata.create_all(tx)
