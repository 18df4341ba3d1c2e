"""Pieces of code that people copy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """One piece of code that works as it stands; the title says which way it is, and may be empty."""

    code: str
    title: str = ""


@dataclass(frozen=True)
class Offer:
    """A library or program with its code; `docs` is where its own guide stands."""

    key: str
    label: str
    snippets: tuple[Snippet, ...]
    docs: str | None = None
