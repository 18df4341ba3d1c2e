"""What is known of a large content."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredObject:
    """A content of `size` bytes; `backing` names how it is kept: `file` is a whole file in the blob store."""

    oid: str
    size: int
    backing: str = "file"
