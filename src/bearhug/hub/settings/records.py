"""The settings of an instance, typed."""

from dataclasses import dataclass
from enum import StrEnum


class Registration(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"


class Reach(StrEnum):
    """Whose chunks a client is told of, so that it need not send them again."""

    REPOSITORY = "repository"
    NAMESPACE = "namespace"
    INSTANCE = "instance"


@dataclass(frozen=True)
class InstanceSettings:
    """Field names are the names people use on the command line."""

    registration: Registration = Registration.OPEN
    anonymous_reading: bool = True
    public_name: str = "Bearhug"
    announcement: str = ""
    contact: str = ""
    public_url: str = ""
    session_days: int = 30
    dedup_reach: Reach = Reach.REPOSITORY
    pack_files: bool = True
    default_models: str = ""  # "task=owner/name", divided by spaces
    trusted_code: str = ""  # models whose own code may run
