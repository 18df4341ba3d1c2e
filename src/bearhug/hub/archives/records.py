"""An archive before it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How files are put together, named by the ending."""

    ZIP = ".zip"
    TAR_GZ = ".tar.gz"

    @property
    def media_type(self) -> str:
        return "application/zip" if self is Format.ZIP else "application/gzip"


@dataclass(frozen=True)
class Archive:
    """A revision as one file: `blocks` make it, piece by piece; nothing is read before they are asked for."""

    name: str
    format: Format
    commit: str
    private: bool
    blocks: Callable[[], Iterator[bytes]]
