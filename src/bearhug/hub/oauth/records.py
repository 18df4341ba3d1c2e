"""What passes between a program, the hub and the person at the browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HF_CLI = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"
"""The public client id that `hf auth login` sends to every hub."""

CLIENTS = {HF_CLI: "hf"}
"""Programs that may sign in with a device code, and what people call them."""

CODE_LIFE = timedelta(minutes=15)
ACCESS_LIFE = timedelta(days=30)
REFRESH_LIFE = timedelta(days=180)
REUSE_GRACE = timedelta(hours=1)
PAUSE = 5


class Decision(StrEnum):
    """What became of a device code."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True)
class DeviceCode:
    """A program that waits for somebody to approve it."""

    id: int
    user_code: str
    client_id: str
    ip: str
    decision: Decision
    user_id: int | None
    pause: int
    polled_at: datetime | None
    created_at: datetime
    expires_at: datetime

    @property
    def client(self) -> str:
        return CLIENTS.get(self.client_id, self.client_id)


@dataclass(frozen=True)
class Asked:
    """The two secrets of a new device code: one for the program, one to type into the page."""

    device_code: str
    user_code: str


@dataclass(frozen=True)
class Refresh:
    """A refresh token's row."""

    id: int
    family: str
    client_id: str
    user_id: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Pair:
    """What a program gets in the end."""

    access_token: str
    refresh_token: str


class Refusal(StrEnum):
    """The error codes of RFC 6749 and RFC 8628 that programs understand."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    EXPIRED = "expired_token"
    DENIED = "access_denied"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"
    INVALID_REQUEST = "invalid_request"
    UNSUPPORTED = "unsupported_grant_type"
