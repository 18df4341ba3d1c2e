"""Move a reference together with what must be written about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bearhug.hub.git.records import ZERO_OID
from bearhug.hub.git.service import Git


@contextmanager
def moving(git: Git, folder: str, ref: str, *, old: str, new: str) -> Iterator[None]:
    """Under the lock: the reference moves, and moves back if what follows fails; forty zeros for none.

    Where even that fails, the mark of the write stays and the next start lets the rows follow the reference.
    """
    with git.writing(folder):
        git.move_ref(folder, ref, new, old=_present(old))
        kept = False
        try:
            yield
            kept = True
        finally:
            if not kept:
                git.move_ref(folder, ref, old, old=_present(new))


def _present(oid: str) -> str | None:
    return None if oid == ZERO_OID else oid
