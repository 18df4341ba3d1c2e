"""What a caller shows of themselves."""

from dataclasses import dataclass
from enum import StrEnum

INVALID = "Invalid credentials in Authorization header"
"""The words by which clients know a bad token from a hidden repository."""


class Means(StrEnum):
    """How a caller proves who they are."""

    NOTHING = "nothing"
    TOKEN = "token"  # noqa: S105 -- a word, not a secret
    PASSWORD = "password"  # noqa: S105 -- a word, not a secret
    SESSION = "session"


@dataclass(frozen=True)
class Credentials:
    """`secret` is the token, the password or the session cookie; `name` goes with passwords only."""

    means: Means = Means.NOTHING
    secret: str = ""
    name: str = ""
    ip: str = ""
