"""How clients of Xet are told that the disk is full: after any 5xx they try for minutes, at a 413 they stop."""

from collections.abc import Iterator
from contextlib import contextmanager

from bearhug.base.blobs.disk import NO_ROOM
from bearhug.base.errors import StorageFull, TooLarge


def is_full_disk(error: Exception) -> bool:
    """Whether it says that the disk has no room."""
    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in NO_ROOM)


@contextmanager
def full_disk_told() -> Iterator[None]:
    """What finds no room within is refused as larger than the hub can take."""
    try:
        yield
    except (StorageFull, OSError) as error:
        if not is_full_disk(error):
            raise
        raise TooLarge(StorageFull.default) from error
