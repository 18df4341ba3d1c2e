"""What can go, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The stations of what is deleted, in their order."""

    UNLINK = "unlink"
    FORGET = "forget"
    CONDEMN = "condemn"
    REMOVE = "remove"


@dataclass(frozen=True)
class Discard:
    """One thing that goes a step further; `size` in bytes, on the disk where it is removed."""

    step: Step
    subject: str
    why: str
    size: int
