"""Rows of device codes and refresh tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.oauth.records import CODE_LIFE, PAUSE, REFRESH_LIFE, REUSE_GRACE, Decision, DeviceCode, Refresh
from bearhug.hub.oauth.tables import device_codes, refresh_tokens
from bearhug.hub.tokens.tables import tokens

# device codes ------------------------------------------------------------------------------------------------


def sweep_codes(tx: Tx) -> None:
    tx.execute(delete(device_codes).where(device_codes.c.expires_at < clock.now() - CODE_LIFE))


def waiting(tx: Tx, ip: str | None = None) -> int:
    """How many codes wait, in all or from one address."""
    query = select(func.count()).select_from(device_codes).where(device_codes.c.expires_at > clock.now())
    return int(tx.execute(query.where(device_codes.c.ip == ip) if ip is not None else query).scalar_one())


def add_code(tx: Tx, digest: str, user_code: str, client_id: str, ip: str) -> None:
    moment = clock.now()
    values = {"digest": digest, "user_code": user_code, "client_id": client_id, "ip": ip, "status": Decision.PENDING}
    tx.execute(insert(device_codes).values(pause=PAUSE, created_at=moment, expires_at=moment + CODE_LIFE, **values))


def by_user_code(tx: Tx, user_code: str) -> DeviceCode | None:
    """The code that somebody typed, while it waits."""
    query = select(device_codes).where(
        device_codes.c.user_code == user_code,
        device_codes.c.expires_at > clock.now(),
        device_codes.c.status == Decision.PENDING,
    )
    row = tx.execute(query.with_for_update()).first()
    return _code(row) if row is not None else None


def by_device_code(tx: Tx, digest: str) -> DeviceCode | None:
    row = tx.execute(select(device_codes).where(device_codes.c.digest == digest).with_for_update()).first()
    return _code(row) if row is not None else None


def decide(tx: Tx, code_id: int, decision: Decision, user_id: int) -> None:
    tx.execute(update(device_codes).where(device_codes.c.id == code_id).values(status=decision, user_id=user_id))


def note_poll(tx: Tx, code_id: int, pause: int) -> None:
    tx.execute(update(device_codes).where(device_codes.c.id == code_id).values(polled_at=clock.now(), pause=pause))


def remove_code(tx: Tx, code_id: int) -> None:
    tx.execute(delete(device_codes).where(device_codes.c.id == code_id))


def _code(row: Any) -> DeviceCode:
    return DeviceCode(
        id=row.id,
        user_code=row.user_code,
        client_id=row.client_id,
        ip=row.ip,
        decision=Decision(row.status),
        user_id=row.user_id,
        pause=row.pause,
        polled_at=row.polled_at,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


# refresh tokens ----------------------------------------------------------------------------------------------


def add_refresh(tx: Tx, digest: str, *, family: str, client_id: str, user_id: int, token_id: int) -> None:
    moment = clock.now()
    values = {"digest": digest, "family": family, "client_id": client_id, "user_id": user_id, "token_id": token_id}
    tx.execute(insert(refresh_tokens).values(created_at=moment, expires_at=moment + REFRESH_LIFE, **values))


def refresh(tx: Tx, digest: str) -> Refresh | None:
    row = tx.execute(select(refresh_tokens).where(refresh_tokens.c.digest == digest).with_for_update()).first()
    if row is None:
        return None
    return Refresh(row.id, row.family, row.client_id, row.user_id, row.expires_at, row.used_at)


def note_use(tx: Tx, refresh_id: int, moment: datetime) -> None:
    tx.execute(update(refresh_tokens).where(refresh_tokens.c.id == refresh_id).values(used_at=moment))


def remove_family(tx: Tx, family: str) -> None:
    """End every access and refresh token that came from one approval."""
    members = select(refresh_tokens.c.token_id).where(refresh_tokens.c.family == family)
    tx.execute(delete(tokens).where(tokens.c.id.in_(members)))


def sweep_tokens(tx: Tx) -> None:
    """Forget access tokens that ended and cannot be refreshed any more, and their refresh tokens with them."""
    moment = clock.now()
    over = (refresh_tokens.c.expires_at < moment) | (refresh_tokens.c.used_at < moment - 2 * REUSE_GRACE)
    members = select(refresh_tokens.c.token_id).where(over)
    tx.execute(delete(tokens).where(tokens.c.id.in_(members), tokens.c.expires_at < moment))
