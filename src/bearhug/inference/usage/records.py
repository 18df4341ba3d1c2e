"""Who asks, how much they may, and what was asked."""

from dataclasses import dataclass, field
from datetime import date
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

NOBODY = 0
"""The account of callers without one; ids of owners begin at 1."""


@dataclass(frozen=True)
class Asker:
    """An account, or an address without one."""

    account: int
    address: str = ""

    @property
    def mark(self) -> int | str:
        """What limits are counted by. A line of the new kind has 2^64 addresses: they count as one."""
        if self.account != NOBODY:
            return self.account
        try:
            return str(IPv6Address(int(IPv6Address(self.address)) >> 64 << 64))
        except AddressValueError:
            return self.address


@dataclass(frozen=True)
class Allowance:
    """What one asker may have; 0 is no limit."""

    requests_per_minute: int = 0
    tokens_per_day: int = 0


class Key(NamedTuple):
    """What sums are kept for. `kind` is chat, completion, embedding, tokens or the name of a task."""

    day: date
    account: int
    model: str
    kind: str


@dataclass
class Sums:
    """What requests came to."""

    requests: int = 0
    failures: int = 0
    prompt: int = 0
    completion: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion

    def add(self, other: "Sums") -> None:
        self.requests += other.requests
        self.failures += other.failures
        self.prompt += other.prompt
        self.completion += other.completion
        self.seconds += other.seconds


@dataclass(frozen=True)
class Line:
    """Sums with what they are sums of; what they are not told apart by is empty."""

    sums: Sums
    day: date | None = None
    account: str = ""
    model: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Report:
    """Usage of some days, told apart in several ways, with its whole."""

    days: int
    whole: Sums
    by_day: list[Line] = field(default_factory=list)
    by_model: list[Line] = field(default_factory=list)
    by_account: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    allowance: Allowance = Allowance()
    tokens_today: int = 0

    @property
    def busiest(self) -> int:
        """The most requests of a day: the longest bar."""
        return max((line.sums.requests for line in self.by_day), default=0)
