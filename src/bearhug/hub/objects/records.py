"""What is known of a large content."""

from dataclasses import dataclass

FILE = "file"
XET = "xet"


@dataclass(frozen=True)
class StoredObject:
    """A content of `size` bytes; `backing` names how it is kept: `file` is a whole file in the blob store.

    Of a content kept as chunks (`xet`), `xet_hash` is the name of the recipe, and `whole` says that a whole file lies
    beside the chunks for as long as it is wanted often.
    """

    oid: str
    size: int
    backing: str = FILE
    xet_hash: str | None = None
    whole: bool = False
