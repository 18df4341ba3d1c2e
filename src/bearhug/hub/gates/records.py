"""A request for a gated repository, the form it is made with, and where somebody stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bearhug.hub.repos.records import Repo


class Status(StrEnum):
    """What became of a request, as clients spell it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Standing(StrEnum):
    """Where somebody stands before a gate. `OPEN`: there is none; `INSIDE`: owner, member, or accepted."""

    OPEN = "open"
    INSIDE = "inside"
    OUTSIDE = "outside"
    PENDING = "pending"
    REJECTED = "rejected"


class Input(StrEnum):
    """What a question of the form is answered with, as cards spell it."""

    TEXT = "text"
    CHECKBOX = "checkbox"
    DATE = "date_picker"
    COUNTRY = "country"
    SELECT = "select"


@dataclass(frozen=True)
class Question:
    """One field of the form; `options` are (value, label) of a choice."""

    label: str
    input: Input
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """What the card asks for; the prompt is Markdown. Empty texts mean the hub's own words."""

    heading: str = ""
    description: str = ""
    prompt: str = ""
    button: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Request:
    """Somebody's request; `email` is empty where the owner let them in by hand."""

    id: int
    user: str
    fullname: str
    email: str | None
    status: Status
    by_hand: bool
    answers: Mapping[str, str | bool]
    reason: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class Gate:
    """A gated repository as one person finds it."""

    repo: Repo
    standing: Standing
    form: Form
    request: Request | None = None


@dataclass(frozen=True)
class Asked:
    """One line of somebody's own list."""

    repo: Repo
    status: Status
    reason: str
    asked_at: datetime


@dataclass(frozen=True)
class Decision:
    """What an owner decides about the request of a user, or of an id where the name is not shared."""

    status: Status
    user: str = ""
    request_id: int | None = None
    reason: str = ""
