"""Rows of requests for gated repositories."""

from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.access.tables import access_requests
from bearhug.hub.accounts.tables import owners
from bearhug.hub.gates.form import Answers
from bearhug.hub.gates.records import Asked, Request, Status
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos


def add(tx: Tx, repo_id: int, user_id: int, status: Status, answers: Answers, *, by_hand: bool = False) -> None:
    moment = clock.now()
    values = {"repo_id": repo_id, "user_id": user_id, "status": status.value, "by_hand": by_hand, "answers": answers}
    decided = moment if status is not Status.PENDING else None
    tx.execute(insert(access_requests).values(asked_at=moment, decided_at=decided, **values))


def change(tx: Tx, request_id: int, **values: Any) -> None:
    tx.execute(update(access_requests).where(access_requests.c.id == request_id).values(**values))


def remove(tx: Tx, request_id: int) -> None:
    tx.execute(delete(access_requests).where(access_requests.c.id == request_id))


def of_user(tx: Tx, repo_id: int, user_id: int) -> Request | None:
    row = tx.execute(_joined(repo_id).where(access_requests.c.user_id == user_id)).first()
    return _request(row) if row is not None else None


def get(tx: Tx, repo_id: int, request_id: int) -> Request | None:
    row = tx.execute(_joined(repo_id).where(access_requests.c.id == request_id)).first()
    return _request(row) if row is not None else None


def listing(tx: Tx, repo_id: int, status: Status | None, *, after: int, limit: int) -> list[Request]:
    """Requests by id, those behind `after`; of every status without one."""
    query = _joined(repo_id).where(access_requests.c.id > after).order_by(access_requests.c.id).limit(limit)
    if status is not None:
        query = query.where(access_requests.c.status == status.value)
    return [_request(row) for row in tx.execute(query)]


def asked_by(tx: Tx, user_id: int, *, before: int, limit: int) -> list[tuple[int, Asked]]:
    """What a user asked for, newest first, with the ids of the requests."""
    columns = (access_requests.c.id.label("request_id"), *(access_requests.c[name] for name in _OWN))
    query = (
        joined()
        .add_columns(*columns)
        .join(access_requests, access_requests.c.repo_id == repos.c.id)
        .where(access_requests.c.user_id == user_id, access_requests.c.id < before)
        .order_by(access_requests.c.id.desc())
        .limit(limit)
    )
    return [
        (row.request_id, Asked(to_repo(row), Status(row.status), row.reason, row.asked_at)) for row in tx.execute(query)
    ]


_OWN = ("status", "reason", "asked_at")


def _joined(repo_id: int) -> Select[Any]:
    return (
        select(access_requests, owners.c.name, owners.c.fullname, owners.c.email)
        .join(owners, owners.c.id == access_requests.c.user_id)
        .where(access_requests.c.repo_id == repo_id)
    )


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        user=row.name,
        fullname=row.fullname,
        email=None if row.by_hand else row.email,
        status=Status(row.status),
        by_hand=row.by_hand,
        answers=row.answers,
        reason=row.reason,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
    )
