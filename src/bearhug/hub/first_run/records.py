"""What the first administrator decides."""

from dataclasses import dataclass

from bearhug.hub.accounts.records import NO_PROFILE, Profile


@dataclass(frozen=True)
class Plan:
    """The first account, and settings of the hub by their names, as they were typed."""

    name: str
    password: str
    settings: dict[str, str]
    profile: Profile = NO_PROFILE
