"""The row of the epoch."""

from sqlalchemy import insert, select, update

from bearhug.base.db import Tx
from bearhug.hub.xet.tables import xet_numbers

EPOCH = "epoch"
BEFORE_THE_FIRST = 1


def epoch(tx: Tx) -> int:
    return tx.execute(select(xet_numbers.c.value).where(xet_numbers.c.name == EPOCH)).scalar() or BEFORE_THE_FIRST


def next_epoch(tx: Tx, least: int) -> int:
    """Begin a new one: what clients remember of xorbs is forgotten."""
    value = max(epoch(tx) + 1, least)
    if not tx.execute(update(xet_numbers).where(xet_numbers.c.name == EPOCH).values(value=value)).rowcount:
        tx.execute(insert(xet_numbers).values(name=EPOCH, value=value))
    return value
