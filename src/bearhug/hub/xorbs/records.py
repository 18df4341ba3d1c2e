"""What is known of a stored xorb."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StoredXorb:
    """A row without its columns of chunks. `condemned_at`: since when it waits to be removed."""

    id: int
    hash: bytes
    chunks: int
    body_length: int
    raw_length: int
    seen_at: datetime
    condemned_at: datetime | None = None
