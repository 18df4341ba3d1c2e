"""Overviews of users and organisations."""

from collections.abc import Mapping
from dataclasses import dataclass

from bearhug.hub.accounts.records import Owner
from bearhug.hub.orgs.records import Membership


@dataclass(frozen=True)
class Overview:
    """An owner, what it has as far as the asker may see, and with whom it is connected."""

    owner: Owner
    repos: Mapping[str, int]
    more: Mapping[str, int | bool]
    orgs: tuple[Membership, ...] = ()
    members: int = 0
