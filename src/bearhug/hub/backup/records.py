"""What a backup holds, as its manifest says."""

from dataclasses import dataclass

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`gone` are repositories that were deleted while the backup ran; `files` and `bytes` count everything copied."""

    format: int
    version: str
    made_at: str
    database_sha256: str
    repositories: int
    files: int
    bytes: int
    gone: tuple[str, ...] = ()


class BadBackup(Exception):
    """The folder is no backup, is incomplete, or the target is not empty."""
