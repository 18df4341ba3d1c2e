"""Every table of the product in one place: the `tables.py` of all rooms, found by their names."""

import importlib
from pathlib import Path

from sqlalchemy import MetaData

from bearhug.base import events
from bearhug.base.db import metadata

ROOT = Path(__file__).parent.parent


def all_tables() -> MetaData:
    """The metadata once every room's tables are known to it."""
    assert events.jobs.metadata is metadata
    for file in sorted(ROOT.glob("*/*/tables.py")):
        importlib.import_module(".".join(("bearhug", *file.relative_to(ROOT).with_suffix("").parts)))
    return metadata
