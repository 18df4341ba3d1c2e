"""What a list of repositories and their room holds."""

from dataclasses import dataclass

from bearhug.hub.repos.records import Repo
from bearhug.hub.storage.records import Account


@dataclass(frozen=True)
class Line:
    """One repository and what it takes up."""

    repo: Repo
    account: Account


@dataclass(frozen=True)
class Bill:
    """The whole of an owner, and a page of their repositories, the largest first."""

    whole: Account
    lines: list[Line]
    has_more: bool
