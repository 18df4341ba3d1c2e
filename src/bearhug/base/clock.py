"""The time, as rows keep it and as clients read it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC, without a zone: what the database stores."""
    return datetime.now(UTC).replace(tzinfo=None)


def iso(moment: datetime | None) -> str | None:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, the only form that Hub clients parse."""
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds") + "Z"


def from_epoch(seconds: float) -> datetime:
    """UTC moment of a Unix time in seconds."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def http_date(moment: datetime) -> str:
    """RFC 9110 date of a UTC moment."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
