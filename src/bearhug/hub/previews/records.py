"""What a preview is made from and which kinds there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bearhug.base.content import Content


@dataclass(frozen=True)
class Sight:
    """A file that somebody looks at.

    `source` is the address of its bytes, `page` that of its page; its neighbours lie below `files`
    and `pages`. `asked` is what the page's address says besides.
    """

    path: str
    content: Content
    source: str = ""
    page: str = ""
    files: str = ""
    pages: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.content.size

    def start(self, most: int) -> bytes:
        """The first bytes, at most `most`."""
        return self.content.read_at(0, min(most, self.size)) if self.size else b""

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from the address, never an error: people type addresses."""
        text = self.asked.get(name, "")
        return min(int(text), most) if text.isascii() and text.isdigit() else default


class Unreadable(ValueError):
    """The file is not what its name says, or more than a page can show; the text says why."""


@dataclass(frozen=True)
class Kind:
    """Files with one of the `endings` are looked at by `look`, which raises Unreadable where it cannot.

    `textual` ones have a source that people may want to see. What is `costly` to find is remembered.
    """

    key: str
    endings: tuple[str, ...]
    look: Callable[[Sight], Any]
    textual: bool = False
    costly: bool = True

    @property
    def template(self) -> str:
        return f"previews/{self.key}.html"
