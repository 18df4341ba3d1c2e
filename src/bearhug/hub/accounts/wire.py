"""Profiles as JSON."""

from typing import Any

from bearhug.base.http.fields import text, texts
from bearhug.hub.accounts.records import Profile


def profile_of(data: dict[str, Any]) -> Profile:
    """`{fullname, email, details, homepage, links}`; what is missing becomes empty."""
    return Profile(
        fullname=text(data, "fullname", ""),
        email=text(data, "email", "") or None,
        bio=text(data, "details", ""),
        homepage=text(data, "homepage", ""),
        links=tuple(texts(data, "links", most=20)),
    )
