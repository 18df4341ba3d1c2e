"""What an entry of a file manager runs, and the files that it is made of."""

from dataclasses import dataclass
from pathlib import PurePosixPath

NAME = "Remove background"
NAME_ZH = "去除背景"


@dataclass(frozen=True)
class Errand:
    """The program with its first arguments, the model (none for the hub's own choice) and the address of the hub."""

    program: tuple[str, ...]
    hub: str
    model: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The command without its pictures."""
        named = ("--model", self.model) if self.model else ()
        return (*self.program, "run", "background-removal", *named, "--hub", self.hub, "--")


@dataclass(frozen=True)
class Entry:
    """One file, its place below the home folder."""

    place: PurePosixPath
    text: str
    executable: bool = False


def entry(place: str, text: str, *, executable: bool = False) -> Entry:
    return Entry(PurePosixPath(place), text, executable)
