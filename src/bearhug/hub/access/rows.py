"""Rows of those whom a gated repository lets in."""

from sqlalchemy import bindparam, select

from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.access.tables import access_requests

ACCEPTED = "accepted"

_LET_IN = Prepared(
    select(access_requests.c.id).where(
        access_requests.c.repo_id == bindparam("repo_id"),
        access_requests.c.user_id == bindparam("user_id"),
        access_requests.c.status == ACCEPTED,
    )
)


def is_let_in(tx: Tx, repo_id: int, user_id: int) -> bool:
    """Whether somebody asked for a gated repository and was accepted."""
    return _LET_IN.first(tx, repo_id=repo_id, user_id=user_id) is not None
