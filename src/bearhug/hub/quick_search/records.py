"""What was found for a few letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bearhug.hub.accounts.records import Owner
from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Found:
    """The best of each kind: repositories by kind, then people and organisations."""

    repos: Mapping[str, Sequence[Repo]]
    users: Sequence[Owner] = ()
    orgs: Sequence[Owner] = ()
