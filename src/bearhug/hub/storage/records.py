"""Bytes, counted in four ways."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """`logical` as the files are long, each repository for itself; `stored` as they lie on the disk, each chunk once.

    `shared` is what of `stored` others need as well, so that it would stay if this were deleted.
    """

    logical: int
    stored: int
    shared: int

    @property
    def saved(self) -> int:
        return max(self.logical - self.stored, 0)


@dataclass(frozen=True)
class House:
    """The whole hub: the bytes of its xorbs, of files not yet packed, and of whole files beside their chunks."""

    account: Account
    xorbs: int
    xorb_bytes: int
    files: int
    cached: int
