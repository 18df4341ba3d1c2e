"""Brings a database to the tables of this version, whatever it holds now."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bearhug.base.db import Database, Tx
from bearhug.migrations.tables import all_tables

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
ONE_AT_A_TIME = 0x6265_6172  # PostgreSQL's advisory lock of this program


class NewerDatabase(Exception):
    """The database was last used by a newer version of the program."""


def upgrade(db: Database) -> None:
    """Create or upgrade the tables in one transaction; nothing happens where they are up to date."""
    with db.reading() as tx:
        if _version(tx) == newest():
            return
    with db.writing() as tx:
        if not db.is_sqlite:
            tx.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
        version = _version(tx)
        if version is None:
            all_tables().create_all(tx)
            _alembic("stamp", tx)
        elif version not in revisions():
            raise NewerDatabase(f"The database is at step {version}, which this version of Bearhug does not know.")
        elif version != newest():
            _alembic("upgrade", tx)


def replay(db: Database) -> None:
    """Make the tables of an empty database by every step of their history."""
    with db.writing() as tx:
        _alembic("upgrade", tx)


def revisions() -> list[str]:
    """The numbers of all steps, oldest first."""
    return sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py"))


def newest() -> str:
    return revisions()[-1]


def alembic_config(tx: Tx) -> "Config":
    """What alembic needs to know to work inside our transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config


def _version(tx: Tx) -> str | None:
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _alembic(verb: str, tx: Tx) -> None:
    from alembic import command

    verbs = {"stamp": command.stamp, "upgrade": command.upgrade}
    verbs[verb](alembic_config(tx), "head")
    all_tables().create_all(tx, tables=[])  # rooms hang what is special to one database on this event
