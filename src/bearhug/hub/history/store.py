"""Rows of trails and folder sizes, and the accounts behind names and addresses of commits."""

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable
from itertools import islice

from sqlalchemy import delete, func, insert, select

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.accounts.tables import owners
from bearhug.hub.history.records import Trail
from bearhug.hub.history.tables import trails, tree_sizes

KEPT = 3
"""Trails of one folder: its branches that people look at most."""
LARGEST = 4 << 20
AT_ONCE = 5000


def load_trails(tx: Tx, folder: str, path: str) -> dict[str, Trail]:
    """What is known of a folder's last changes, by the commit it is true for."""
    query = select(trails).where(trails.c.folder == folder, trails.c.path_key == _key(path))
    return {row.tip: Trail(row.tip, row.frontier, _unpack(row.found)) for row in tx.execute(query)}


def save_trail(tx: Tx, folder: str, path: str, trail: Trail) -> None:
    """Keep a trail and forget the oldest ones of the same folder; a repository that is gone keeps none."""
    found = _pack(trail.found)
    if len(found) > LARGEST:
        return
    mine = (trails.c.folder == folder) & (trails.c.path_key == _key(path))
    tx.execute(delete(trails).where(mine, trails.c.tip == trail.tip))
    row = {"folder": folder, "path_key": _key(path), "tip": trail.tip, "frontier": trail.frontier}
    tx.execute(insert(trails).values(**row, found=found, at=clock.now()))
    kept = select(trails.c.tip).where(mine).order_by(trails.c.at.desc(), trails.c.tip).limit(KEPT).scalar_subquery()
    tx.execute(delete(trails).where(mine, trails.c.tip.not_in(kept)))


def load_sizes(tx: Tx, folder: str, trees: Collection[str]) -> dict[str, int]:
    """Sizes of those trees that are known."""
    found: dict[str, int] = {}
    wanted = iter(trees)
    while some := list(islice(wanted, AT_ONCE)):
        query = select(tree_sizes.c.tree, tree_sizes.c.size).where(
            tree_sizes.c.folder == folder, tree_sizes.c.tree.in_(some)
        )
        found |= {row.tree: row.size for row in tx.execute(query)}
    return found


def save_sizes(tx: Tx, folder: str, sizes: dict[str, int]) -> None:
    present = load_sizes(tx, folder, sizes)
    rows = [{"folder": folder, "tree": tree, "size": size} for tree, size in sizes.items() if tree not in present]
    if rows:
        tx.execute(insert(tree_sizes), rows)


def users_named(tx: Tx, names: Iterable[str]) -> dict[str, str]:
    """Accounts of people by their name in lower case."""
    query = select(owners.c.key, owners.c.name).where(owners.c.kind == "user", owners.c.key.in_(list(names)))
    return {row.key: row.name for row in tx.execute(query)}


def users_mailed(tx: Tx, addresses: Iterable[str]) -> dict[str, str]:
    """Accounts of people by their address; one that two of them gave is nobody's."""
    query = (
        select(owners.c.email, func.min(owners.c.name).label("name"))
        .where(owners.c.kind == "user", owners.c.email.in_(list(addresses)))
        .group_by(owners.c.email)
        .having(func.count() == 1)
    )
    return {row.email: row.name for row in tx.execute(query)}


def _key(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def _pack(found: dict[str, str]) -> bytes:
    by_commit: dict[str, list[str]] = {}
    for name, commit in found.items():
        by_commit.setdefault(commit, []).append(name)
    return zlib.compress(json.dumps(by_commit, separators=(",", ":")).encode(), 1)


def _unpack(found: bytes) -> dict[str, str]:
    by_commit: dict[str, list[str]] = json.loads(zlib.decompress(found))
    return {name: commit for commit, names in by_commit.items() for name in names}
