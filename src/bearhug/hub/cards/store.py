"""Rows of card facts and tags."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, insert, or_, select, update

from bearhug.base.clauses import Composed, Conditions, one_of
from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.tables import owners
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo, visible
from bearhug.hub.repos.tables import repos

LONGEST_TAG = 200
_MANY = Composed()
_LINES = Composed()
_GET = Prepared(select(card_facts.c.commit, card_facts.c.facts).where(card_facts.c.repo_id == bindparam("id")))


def put(tx: Tx, repo_id: int, commit: str, facts: Mapping[str, Any], *, problem: str | None) -> None:
    """Replace what is known of a repository; lists are sorted by what is kept on the repository itself."""
    tx.execute(update(repos).where(repos.c.id == repo_id).values(parameters=facts.get("parameters")))
    tx.execute(delete(card_facts).where(card_facts.c.repo_id == repo_id))
    tx.execute(
        insert(card_facts).values(
            repo_id=repo_id,
            commit=commit,
            facts=dict(facts),
            pipeline_tag=facts.get("pipeline_tag"),
            library_name=facts.get("library_name"),
            parameters=facts.get("parameters"),
            problem=problem,
        )
    )


def put_tags(tx: Tx, repo_id: int, tags: Iterable[str]) -> list[str]:
    """Replace a repository's tags; they are kept, and found, in lower case and on one line."""
    kept = sorted({" ".join(tag.lower()[:LONGEST_TAG].splitlines()) for tag in tags})
    tx.execute(delete(repo_tags).where(repo_tags.c.repo_id == repo_id))
    if kept:
        tx.execute(insert(repo_tags), [{"tag": tag, "repo_id": repo_id} for tag in kept])
    return kept


def get(tx: Tx, repo_id: int) -> tuple[str, dict[str, Any]] | None:
    """The indexed commit and its facts."""
    row = _GET.first(tx, id=repo_id)
    return (row[0], row[1]) if row else None


def many(tx: Tx, repo_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Facts of several repositories in one statement."""
    rows = _MANY.all(tx, [one_of(tx, card_facts.c.repo_id, repo_ids)], _facts)
    return {row[0]: row[1] for row in rows}


def _facts(conditions: Conditions) -> Select[Any]:
    return select(card_facts.c.repo_id, card_facts.c.facts).where(*conditions)


def tag_counts(tx: Tx, kind: str) -> dict[str, int]:
    """How many public repositories of a kind carry each tag."""
    query = (
        select(repo_tags.c.tag, func.count())
        .join(repos, repos.c.id == repo_tags.c.repo_id)
        .where(repos.c.kind == kind, repos.c.private.is_(False))
        .group_by(repo_tags.c.tag)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def tag_counts_of(tx: Tx, repo_ids: Iterable[int]) -> dict[str, int]:
    """How many of some repositories carry each tag. One text of all of them is read faster than a row a tag."""
    lines = _LINES.all(tx, [one_of(tx, repo_tags.c.repo_id, repo_ids)], _in_lines)[0][0]
    return Counter(lines.split("\n")) if lines else {}


def _in_lines(conditions: Conditions) -> Select[Any]:
    return select(func.aggregate_strings(repo_tags.c.tag, "\n")).where(*conditions)


def known(tx: Tx, actor: Actor, kind: str, names: Iterable[str]) -> list[tuple[Repo, dict[str, Any]]]:
    """Those of some full names that are repositories here which the actor may see, with their facts."""
    keys = [name.lower().partition("/") for name in names]
    if not keys:
        return []
    one_of = or_(*(and_(owners.c.key == owner, repos.c.name_key == name) for owner, _, name in keys))
    query = (
        joined()
        .add_columns(card_facts.c.facts)
        .outerjoin(card_facts, card_facts.c.repo_id == repos.c.id)
        .where(repos.c.kind == kind, one_of, visible(actor))
    )
    return [(to_repo(row), row.facts or {}) for row in tx.execute(query)]


_TAGGED = Prepared(
    joined()
    .join(repo_tags, repo_tags.c.repo_id == repos.c.id)
    .where(repos.c.kind == bindparam("kind"), repo_tags.c.tag == bindparam("tag"))
    .order_by(repos.c.likes.desc(), repos.c.id)
    .limit(bindparam("limit"))
)


def tagged(tx: Tx, kind: str, tag: str, *, limit: int) -> list[Repo]:
    """Repositories of a kind that carry a tag, the liked ones first."""
    return [to_repo(row) for row in _TAGGED.all(tx, kind=kind, tag=tag.lower(), limit=limit)]


def count_tagged(tx: Tx, kind: str, tag: str) -> int:
    """How many public repositories of a kind carry a tag."""
    query = (
        select(func.count())
        .select_from(repo_tags.join(repos, repos.c.id == repo_tags.c.repo_id))
        .where(repo_tags.c.tag == tag.lower(), repos.c.kind == kind, repos.c.private.is_(False))
    )
    return int(tx.execute(query).scalar_one())


def children(tx: Tx, full_name: str, relations: Iterable[str]) -> dict[str, int]:
    """Public models by their relation to a base model."""
    tags = {f"base_model:{relation}:{full_name}".lower(): relation for relation in relations}
    query = (
        select(repo_tags.c.tag, func.count())
        .join(repos, repos.c.id == repo_tags.c.repo_id)
        .where(repo_tags.c.tag.in_(list(tags)), repos.c.private.is_(False))
        .group_by(repo_tags.c.tag)
    )
    return {tags[row[0]]: row[1] for row in tx.execute(query)}
