"""A question for repositories and a page of answers."""

from dataclasses import dataclass
from typing import NamedTuple

from bearhug.hub.repos.records import Repo

SORTS = {
    "trendingScore": "trending",
    "trending_score": "trending",
    "downloads": "downloads",
    "likes": "likes",
    "lastModified": "updated_at",
    "last_modified": "updated_at",
    "createdAt": "created_at",
    "created_at": "created_at",
    "num_parameters": "parameters",
    "most_params": "parameters",
    "least_params": "parameters",
}
"""Names of sort orders on the wire and the columns that they mean."""


@dataclass(frozen=True)
class Question:
    """What a list should hold; every given condition must be true.

    `owner_id` is the author, `ids` are the repositories that meet all, where somebody found these before.
    """

    kind: str
    author: str | None = None
    owner_id: int | None = None
    search: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    gated: bool | None = None
    pipeline_tag: str | None = None
    least_parameters: int | None = None
    most_parameters: int | None = None
    sort: str = "trending"
    ascending: bool = False
    limit: int = 100
    after: tuple[str | float | int, int] | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Page:
    """Repositories in order, and where the next page begins."""

    repos: list[Repo]
    after: tuple[str | float | int, int] | None


class Met(NamedTuple):
    """What is counted of a repository that meets a question."""

    id: int
    gated: str
    parameters: int | None
