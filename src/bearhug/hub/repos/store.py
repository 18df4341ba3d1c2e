"""Rows of repositories."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.accounts.tables import owners
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import redirects, repos

_FIND = Prepared(
    joined().where(
        repos.c.kind == bindparam("kind"), repos.c.name_key == bindparam("name"), owners.c.key == bindparam("owner")
    )
)
_GET = Prepared(joined().where(repos.c.id == bindparam("id")))


def find(tx: Tx, name: RepoName) -> Repo | None:
    row = _FIND.first(tx, kind=name.kind, name=name.name.lower(), owner=name.owner.lower())
    return to_repo(row) if row else None


def get(tx: Tx, repo_id: int) -> Repo | None:
    row = _GET.first(tx, id=repo_id)
    return to_repo(row) if row else None


def of_folder(tx: Tx, folder: str) -> Repo | None:
    row = tx.execute(joined().where(repos.c.folder == folder)).first()
    return to_repo(row) if row else None


def find_redirect(tx: Tx, name: RepoName) -> Repo | None:
    """The repository that once had this name."""
    query = (
        joined()
        .join(redirects, redirects.c.repo_id == repos.c.id)
        .where(redirects.c.kind == name.kind, redirects.c.key == str(name).lower())
    )
    row = tx.execute(query).first()
    return to_repo(row) if row else None


def add(tx: Tx, **values: Any) -> int:
    result = tx.execute(insert(repos).values(name_key=values["name"].lower(), **values))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def change(tx: Tx, repo_id: int, **values: Any) -> None:
    if "name" in values:
        values["name_key"] = values["name"].lower()
    tx.execute(update(repos).where(repos.c.id == repo_id).values(**values))


def remove(tx: Tx, repo_id: int) -> None:
    tx.execute(delete(repos).where(repos.c.id == repo_id))


def set_head(tx: Tx, repo_id: int, head: str, moment: datetime) -> None:
    tx.execute(update(repos).where(repos.c.id == repo_id).values(head=head, updated_at=moment))


def add_redirect(tx: Tx, name: RepoName, repo_id: int) -> None:
    drop_redirect(tx, name)
    tx.execute(insert(redirects).values(kind=name.kind, key=str(name).lower(), repo_id=repo_id))


def drop_redirect(tx: Tx, name: RepoName) -> None:
    """A new repository takes the name over."""
    tx.execute(delete(redirects).where(redirects.c.kind == name.kind, redirects.c.key == str(name).lower()))


def largest(tx: Tx, owner_id: int, *, skip: int, limit: int) -> list[Repo]:
    """An owner's repositories by the room that they take."""
    query = joined().where(repos.c.owner_id == owner_id).order_by(repos.c.used_storage.desc(), repos.c.id)
    return [to_repo(row) for row in tx.execute(query.offset(skip).limit(limit))]


def page(tx: Tx, *, after: int = 0, limit: int = 500, owner_id: int | None = None) -> list[Repo]:
    """Repositories by id, for walks over all of them."""
    query = joined().where(repos.c.id > after).order_by(repos.c.id).limit(limit)
    if owner_id is not None:
        query = query.where(repos.c.owner_id == owner_id)
    return [to_repo(row) for row in tx.execute(query)]
