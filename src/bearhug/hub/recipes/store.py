"""Rows of recipes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from bearhug.base.db import Tx, insert_or
from bearhug.formats.arrays import np
from bearhug.formats.xet_shard import TERM
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.tables import recipe_xorbs, recipes

SLICE = 500


def get(tx: Tx, file_hash: str) -> Recipe | None:
    row = tx.execute(select(recipes).where(recipes.c.hash == file_hash)).first()
    return _recipe(row) if row else None


def save(tx: Tx, found: Recipe, shard: str, moment: datetime) -> int:
    """Write a recipe, in place of another one of the same file if there is one; its number."""
    values = {
        "size": found.size,
        "shard": shard,
        "seen_at": moment,
        "terms": np.ascontiguousarray(found.terms).tobytes(),
    }
    query = insert_or(tx, recipes).values(hash=found.hash, sha256=found.sha256, **values)
    tx.execute(query.on_conflict_do_update(index_elements=["hash"], set_=values))
    return int(tx.execute(select(recipes.c.id).where(recipes.c.hash == found.hash)).scalar_one())


def set_xorbs(tx: Tx, recipe_id: int, xorb_ids: Collection[int]) -> None:
    tx.execute(delete(recipe_xorbs).where(recipe_xorbs.c.recipe_id == recipe_id))
    rows = [{"recipe_id": recipe_id, "xorb_id": xorb_id} for xorb_id in sorted(xorb_ids)]
    if rows:
        tx.execute(insert(recipe_xorbs), rows)


def touch(tx: Tx, recipe_id: int, moment: datetime) -> None:
    tx.execute(update(recipes).where(recipes.c.id == recipe_id).values(seen_at=moment))


def prove(tx: Tx, recipe_id: int, sha256: str) -> None:
    tx.execute(update(recipes).where(recipes.c.id == recipe_id).values(sha256=sha256))


def many(tx: Tx, hashes: Collection[str]) -> list[Recipe]:
    every, found = sorted(set(hashes)), []
    for start in range(0, len(every), SLICE):
        query = select(recipes).where(recipes.c.hash.in_(every[start : start + SLICE]))
        found += [_recipe(row) for row in tx.execute(query)]
    return found


def xorb_ids(tx: Tx, recipe_id: int) -> set[int]:
    return set(tx.execute(select(recipe_xorbs.c.xorb_id).where(recipe_xorbs.c.recipe_id == recipe_id)).scalars())


def sharing(tx: Tx, recipe_ids: Collection[int]) -> set[str]:
    """The hashes of other recipes that need a xorb which one of these needs."""
    mine = recipe_xorbs.alias()
    query = (
        select(recipes.c.hash)
        .distinct()
        .join(recipe_xorbs, recipe_xorbs.c.recipe_id == recipes.c.id)
        .join(mine, mine.c.xorb_id == recipe_xorbs.c.xorb_id)
    )
    every, found = sorted(set(recipe_ids)), set()
    for start in range(0, len(every), SLICE):
        some = every[start : start + SLICE]
        found |= set(tx.execute(query.where(mine.c.recipe_id.in_(some))).scalars())
    return found


def with_xorb(tx: Tx, xorb_id: int, *, limit: int) -> list[Recipe]:
    """Recipes that need the xorb, newest first."""
    query = select(recipes).join(recipe_xorbs, recipe_xorbs.c.recipe_id == recipes.c.id)
    query = query.where(recipe_xorbs.c.xorb_id == xorb_id).order_by(recipes.c.id.desc()).limit(limit)
    return [_recipe(row) for row in tx.execute(query)]


def used(tx: Tx, ids: Collection[int]) -> set[int]:
    """Those of the xorbs that some recipe needs."""
    every, found = sorted(set(ids)), set()
    for start in range(0, len(every), SLICE):
        query = select(recipe_xorbs.c.xorb_id).distinct()
        found |= set(tx.execute(query.where(recipe_xorbs.c.xorb_id.in_(every[start : start + SLICE]))).scalars())
    return found


def page(tx: Tx, after: int, *, limit: int, before: datetime | None = None) -> list[Recipe]:
    """Recipes by number, those behind `after`, and with `before` only those not needed anew since."""
    query = select(recipes).where(recipes.c.id > after).order_by(recipes.c.id).limit(limit)
    if before is not None:
        query = query.where(recipes.c.seen_at < before)
    return [_recipe(row) for row in tx.execute(query)]


def remove(tx: Tx, recipe_id: int) -> str | None:
    """Remove a recipe; the name of its shard when no other recipe is in that one."""
    shard = tx.execute(select(recipes.c.shard).where(recipes.c.id == recipe_id)).scalar()
    tx.execute(delete(recipes).where(recipes.c.id == recipe_id))
    left = tx.execute(select(func.count()).select_from(recipes).where(recipes.c.shard == shard)).scalar()
    return None if left else shard


def _recipe(row: Row[Any]) -> Recipe:
    return Recipe(row.id, row.hash, row.size, row.sha256, np.frombuffer(row.terms, TERM))
