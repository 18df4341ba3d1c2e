"""The roles of a user as one column, for stores that look a user up and need them in the same query."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, select

from bearhug.hub.access.records import Role
from bearhug.hub.orgs.tables import members

_ROLES = {role.value: role for role in Role}


def roles_column(user_id: ColumnElement[int]) -> ScalarSelect[str]:
    """`org:role` pairs with commas between them, for the user of the enclosing query's row."""
    pair = cast(members.c.org_id, String) + ":" + members.c.role
    return select(func.aggregate_strings(pair, ",")).where(members.c.user_id == user_id).scalar_subquery()


def roles_of(text: str | None) -> Mapping[int, Role]:
    """Role by organisation id, out of that column."""
    if not text:
        return {}
    pairs = (pair.partition(":") for pair in text.split(","))
    return {int(org_id): _ROLES[role] for org_id, _, role in pairs}
