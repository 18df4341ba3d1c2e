"""The settings of an instance, typed."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Registration(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"


class Urgency(StrEnum):
    """How loudly an announcement speaks."""

    NOTE = "note"
    WARNING = "warning"
    URGENT = "urgent"


class Reach(StrEnum):
    """Whose chunks a client is told of, so that it need not send them again."""

    REPOSITORY = "repository"
    NAMESPACE = "namespace"
    INSTANCE = "instance"


@dataclass(frozen=True)
class Announcement:
    """What stands on every page; `mark` changes with the words, so that new words are seen again."""

    text: str
    urgency: str
    dismissable: bool

    @property
    def mark(self) -> str:
        return sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class InstanceSettings:
    """Field names are the names people use on the command line."""

    registration: Registration = Registration.OPEN
    anonymous_reading: bool = True
    public_name: str = "Bearhug"
    announcement: str = ""
    announcement_zh: str = ""
    announcement_urgency: Urgency = Urgency.NOTE
    announcement_dismissable: bool = True
    contact: str = ""
    public_url: str = ""
    session_days: int = 30
    dedup_reach: Reach = Reach.REPOSITORY
    pack_files: bool = True
    default_models: str = ""  # "task=owner/name", divided by spaces
    trusted_code: str = ""  # models whose own code may run
    requests_per_minute: int = 0  # to models, for each account; 0 is no limit
    tokens_per_day: int = 0
    anonymous_requests_per_minute: int = 0  # for each address
    anonymous_tokens_per_day: int = 0

    def announced(self, language: str) -> Announcement | None:
        """The announcement in a language, or in the other one where it was written in that alone."""
        both = (
            (self.announcement_zh, self.announcement) if language == "zh" else (self.announcement, self.announcement_zh)
        )
        text = both[0] or both[1]
        return Announcement(text, self.announcement_urgency.value, self.announcement_dismissable) if text else None
