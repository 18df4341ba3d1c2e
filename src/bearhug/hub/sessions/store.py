"""Rows of sessions and of failed sign-ins."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx, insert_or
from bearhug.hub.accounts.tables import owners
from bearhug.hub.orgs.rows import roles_column, roles_of
from bearhug.hub.sessions.records import Account, Session, SignedIn
from bearhug.hub.sessions.tables import attempts, sessions

FORGET_FAILURES = timedelta(days=1)


def account(tx: Tx, key: str) -> Account | None:
    """The user account of a lower-case name."""
    columns = (owners.c.id, owners.c.name, owners.c.is_admin, owners.c.is_active, owners.c.password_hash)
    row = tx.execute(select(*columns).where(owners.c.key == key, owners.c.kind == "user")).first()
    return Account(row.id, row.name, row.is_admin, row.is_active, row.password_hash) if row is not None else None


def renew_hash(tx: Tx, user_id: int, old: str, new: str) -> None:
    query = update(owners).where(owners.c.id == user_id, owners.c.password_hash == old)
    tx.execute(query.values(password_hash=new))


def swap_hash(tx: Tx, user_id: int, old: str | None, new: str) -> bool:
    """A new hash in the place of that very one; whether it was still there."""
    query = update(owners).where(owners.c.id == user_id, owners.c.password_hash == old)
    return tx.execute(query.values(password_hash=new)).rowcount == 1


def set_hash(tx: Tx, user_id: int, new: str) -> None:
    tx.execute(update(owners).where(owners.c.id == user_id).values(password_hash=new))


def add(tx: Tx, user_id: int, digest: str, *, ip: str, agent: str, expires_at: datetime) -> None:
    moment = clock.now()
    tx.execute(delete(sessions).where(sessions.c.expires_at < moment))
    tx.execute(
        insert(sessions).values(
            user_id=user_id, digest=digest, ip=ip, agent=agent, created_at=moment, expires_at=expires_at
        )
    )


_SIGNED_IN = (
    select(
        sessions.c.id,
        sessions.c.user_id,
        owners.c.name,
        owners.c.is_admin,
        roles_column(owners.c.id).label("roles"),
    )
    .join(owners, owners.c.id == sessions.c.user_id)
    .where(sessions.c.digest == bindparam("presented"), sessions.c.expires_at > bindparam("now"), owners.c.is_active)
)


def signed_in(tx: Tx, digest: str) -> SignedIn | None:
    """Session, user and the user's roles in one indexed query; None when the session or the account has ended."""
    row = tx.execute(_SIGNED_IN, {"presented": digest, "now": clock.now()}).first()
    return SignedIn(row.id, row.user_id, row.name, row.is_admin, roles_of(row.roles)) if row is not None else None


def listing(tx: Tx, user_id: int, *, here: str = "") -> list[Session]:
    query = select(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at > clock.now())
    rows = tx.execute(query.order_by(sessions.c.id.desc()))
    return [
        Session(row.id, row.ip, row.agent, row.created_at, row.expires_at, is_here=row.digest == here) for row in rows
    ]


def remove(tx: Tx, user_id: int, session_id: int) -> bool:
    query = delete(sessions).where(sessions.c.user_id == user_id, sessions.c.id == session_id)
    return tx.execute(query).rowcount == 1


def remove_digest(tx: Tx, digest: str) -> None:
    tx.execute(delete(sessions).where(sessions.c.digest == digest))


def remove_all(tx: Tx, user_id: int, *, but: str | None = None) -> None:
    """End all sessions of a user, `but` the one with this digest."""
    query = delete(sessions).where(sessions.c.user_id == user_id)
    tx.execute(query.where(sessions.c.digest != but) if but is not None else query)


def blocked_until(tx: Tx, keys: list[str]) -> datetime | None:
    """The latest end of a block on any of these keys."""
    query = select(attempts.c.blocked_until).where(attempts.c.key.in_(keys), attempts.c.blocked_until > clock.now())
    return max(tx.execute(query).scalars(), default=None)


def count_failure(tx: Tx, key: str) -> int:
    """How often it failed lately, this time included."""
    moment = clock.now()
    tx.execute(delete(attempts).where(attempts.c.at < moment - FORGET_FAILURES))
    query = insert_or(tx, attempts).values(key=key, failures=1, at=moment)
    more = {"failures": attempts.c.failures + 1, "at": moment}
    counted = query.on_conflict_do_update(index_elements=["key"], set_=more).returning(attempts.c.failures)
    return int(tx.execute(counted).scalar_one())


def block(tx: Tx, key: str, until: datetime) -> None:
    tx.execute(update(attempts).where(attempts.c.key == key).values(blocked_until=until))


def forget_failures(tx: Tx, key: str) -> None:
    tx.execute(delete(attempts).where(attempts.c.key == key))


def has_failures(tx: Tx, key: str) -> bool:
    return tx.execute(select(attempts.c.key).where(attempts.c.key == key)).first() is not None
