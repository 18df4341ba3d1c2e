"""Kind, tags and first letters of names are terms of the full-text index; lists have two indexes more."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from alembic import op
from sqlalchemy import Connection, Row, text

from bearhug.hub.search import store
from bearhug.hub.search.terms import label_terms, name_terms

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AT_ONCE = 1000

PAGE = text(
    "SELECT repos.id, repos.kind, owners.name || '/' || repos.name FROM repos JOIN owners ON owners.id = repos.owner_id"
    " WHERE repos.id > :after ORDER BY repos.id LIMIT :most"
)
TAGS = text("SELECT repo_id, tag FROM repo_tags WHERE repo_id BETWEEN :first AND :last ORDER BY repo_id")


def upgrade() -> None:
    with op.batch_alter_table("repos", schema=None) as batch_op:
        batch_op.create_index("ix_repos_gated", ["kind", "gated"], unique=False)
        batch_op.create_index("ix_repos_owner_kind", ["owner_id", "kind", "updated_at"], unique=False)
    tx = op.get_bind()
    after = 0
    while repos := tx.execute(PAGE, {"after": after, "most": AT_ONCE}).all():
        _add_terms(tx, repos)
        after = repos[-1][0]


def _add_terms(tx: Connection, repos: Sequence[Row[Any]]) -> None:
    ids = {"first": repos[0][0], "last": repos[-1][0]}
    tags = {repo_id: [tag for _, tag in rows] for repo_id, rows in groupby(tx.execute(TAGS, ids), itemgetter(0))}
    known = store.between(tx, ids["first"], ids["last"])
    for repo_id, kind, full_name in (tuple(repo) for repo in repos):
        if repo_id in known:
            more = name_terms(full_name) | label_terms(kind, tags.get(repo_id, ()))
            store.put(tx, repo_id, {*known[repo_id], *more})
