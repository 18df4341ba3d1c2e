"""Reviews and tag tables as clients read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from bearhug.hub.cards import tag_tables
from bearhug.hub.cards.records import Review
from bearhug.hub.cards.tag_tables import Tag


def review_json(review: Review) -> dict[str, Any]:
    return {
        "errors": [{"message": message} for message in review.errors],
        "warnings": [{"message": message} for message in review.warnings],
    }


def tags_json(tables: Mapping[str, Iterable[Tag]]) -> dict[str, list[dict[str, Any]]]:
    """Types in alphabetical order, each with its tags."""
    return {name: [_tag_json(tag) for tag in tags] for name, tags in sorted(tables.items())}


def tags_by_type(kind: str, counts: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """The tags in use alone, for facets."""
    tables = tag_tables.tags_by_type(kind, counts)
    return tags_json({name: used for name, tags in tables.items() if (used := [tag for tag in tags if tag.count])})


def _tag_json(tag: Tag) -> dict[str, Any]:
    out: dict[str, Any] = {"type": tag.type, "label": tag.label, "id": tag.id, "count": tag.count}
    return {**out, "subType": tag.group} if tag.group else out
