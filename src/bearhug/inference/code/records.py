"""Pieces of code in several languages, one of which is looked at."""

from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from bearhug.base.html import code

Language = Literal["shell", "python", "javascript"]
COLOURS = {"shell": "bash", "python": "python", "javascript": "javascript"}


@dataclass(frozen=True)
class Sample:
    """A program that works as it stands; `by` is the library that it uses."""

    language: Language
    by: str
    code: str

    @property
    def title(self) -> str:
        return self.by if self.language == "shell" else f"{TITLES[self.language]} · {self.by}"

    @property
    def html(self) -> Markup:
        """The program with its words coloured."""
        return Markup(code.by_language(self.code, COLOURS[self.language]).rstrip("\n"))  # noqa: S704 - escaped there


TITLES = {"python": "Python", "javascript": "JavaScript"}
Values = dict[str, Any]
