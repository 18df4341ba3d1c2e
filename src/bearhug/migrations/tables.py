"""Every table of the product in one place: the `tables.py` of all rooms, found by their names."""

import importlib
from pathlib import Path

from sqlalchemy import MetaData

from bearhug.base import events
from bearhug.base.db import metadata

FULL_TEXT = "search_docs"
"""Tables of this name are made by the database's own full-text search and look different in each."""

ROOT = Path(__file__).parent.parent


def all_tables() -> MetaData:
    """The metadata once every room's tables are known to it."""
    assert events.jobs.metadata is metadata
    for file in sorted(ROOT.glob("*/*/tables.py")):
        importlib.import_module(".".join(("bearhug", *file.relative_to(ROOT).with_suffix("").parts)))
    return metadata


def is_told_in_history(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Whether the history of the tables speaks of a thing that was found in a database."""
    return not (kind == "table" and name is not None and name.startswith(FULL_TEXT))
