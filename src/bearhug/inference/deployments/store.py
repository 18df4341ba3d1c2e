"""Rows of deployments, joined with their models."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, or_, select, update

from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.accounts.tables import owners
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.inference.deployments.records import Deployment, Task, Wanted
from bearhug.inference.deployments.tables import deployments
from bearhug.inference.engine.plans import Options

_makers = owners.alias("makers")
_OWN = [column.label(f"d_{column.name}") for column in deployments.c]


_models = joined().subquery("models")
_ROWS: Select[Any] = (
    select(*_models.c, *_OWN, _makers.c.name.label("maker"))
    .select_from(deployments)
    .outerjoin(_models, _models.c.id == deployments.c.repo_id)
    .outerjoin(_makers, _makers.c.id == deployments.c.creator_id)
)
"""Deployments with their models, if they have one."""
_NAMED = Prepared(_ROWS.where(deployments.c.scope == bindparam("scope"), deployments.c.name == bindparam("name")))


def every(tx: Tx, *, limit: int) -> list[Deployment]:
    """The newest first."""
    return _read(tx, _ROWS.order_by(deployments.c.id.desc()).limit(limit))


def get(tx: Tx, number: int) -> Deployment | None:
    return _first(tx, _ROWS.where(deployments.c.id == number))


def named(tx: Tx, scope: int, name: str) -> Deployment | None:
    """What every call of a model asks for."""
    row = _NAMED.first(tx, scope=scope, name=name)
    return _deployment(row) if row is not None else None


def of_repo(tx: Tx, repo_id: int) -> list[Deployment]:
    return _read(tx, _ROWS.where(deployments.c.repo_id == repo_id).order_by(deployments.c.id))


def of_workers(tx: Tx, keys: Collection[str]) -> list[Deployment]:
    """Deployments that were run by one of these workers last."""
    return _read(tx, _ROWS.where(deployments.c.worker.in_(list(keys)))) if keys else []


def to_load(tx: Tx, since: datetime) -> list[Deployment]:
    """Those that run and are kept, or were started since; the oldest first."""
    running = deployments.c.wanted == Wanted.RUNNING.value
    wanted = or_(deployments.c.keep.is_(True), deployments.c.started_at >= since)
    return _read(tx, _ROWS.where(running, wanted).order_by(deployments.c.id))


def has_any(tx: Tx) -> bool:
    return tx.execute(select(deployments.c.id).limit(1)).first() is not None


def count_of(tx: Tx, repo_id: int | None) -> int:
    same = deployments.c.repo_id.is_(None) if repo_id is None else deployments.c.repo_id == repo_id
    return int(tx.execute(select(func.count()).select_from(deployments).where(same)).scalar_one())


def add(tx: Tx, values: Mapping[str, Any]) -> int:
    key = tx.execute(insert(deployments).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def change(tx: Tx, number: int, **values: Any) -> None:
    tx.execute(update(deployments).where(deployments.c.id == number).values(**values))


def remove(tx: Tx, number: int) -> None:
    tx.execute(delete(deployments).where(deployments.c.id == number))


def columns_of(options: Options) -> dict[str, Any]:
    """Options as columns: the key of another server stands apart from what is shown."""
    told = asdict(options)
    secret = told.pop("api_key")
    return {"options": told, "secret": secret}


def _first(tx: Tx, query: Select[Any]) -> Deployment | None:
    found = _read(tx, query)
    return found[0] if found else None


def _read(tx: Tx, query: Select[Any]) -> list[Deployment]:
    return [_deployment(row) for row in tx.execute(query)]


def _deployment(row: Row[Any]) -> Deployment:
    options = dict(row.d_options)
    options["flags"] = tuple(options.get("flags") or ())
    return Deployment(
        id=row.d_id,
        name=row.d_name,
        repo=to_repo(row) if row.id is not None else None,
        revision=row.d_revision,
        task=Task(row.d_task),
        options=Options(**options, api_key=row.d_secret),
        keep=row.d_keep,
        wanted=Wanted(row.d_wanted),
        creator=row.maker or "",
        created_at=row.d_created_at,
        changed_at=row.d_changed_at,
        started_at=row.d_started_at,
        worker=row.d_worker,
        trouble=row.d_trouble,
    )
