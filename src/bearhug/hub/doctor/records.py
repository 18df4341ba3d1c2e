"""What the doctor finds."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """`bad` keeps something from working, `poor` will hurt somebody some day."""

    GOOD = "good"
    POOR = "poor"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, how it is, and what to do where it is not good."""

    name: str
    health: Health
    text: str
    advice: str = ""
