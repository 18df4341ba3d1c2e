"""Where the outputs of a command go: lines of JSON, or pictures beside the ones they were made of."""

import base64
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bearhug.base.errors import BadRequest

ENDING = "-cutout.png"


class Lines:
    """`{"input": …, "output": …}`, one a line, to a file or to stdout."""

    def __init__(self, path: Path | None, *, resume: bool) -> None:
        if resume and path is None:
            raise BadRequest("Say with --output where the results are that --resume goes on with.")
        self._path = path
        self._done = _names(path) if resume and path and path.exists() else set()
        if path is not None and not resume:
            path.unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Whether this input was done in an earlier run."""
        return name in self._done

    def put(self, name: str, output: Any) -> None:
        """Written at once, so that what is done stays done."""
        line = json.dumps({"input": name, "output": output}, ensure_ascii=False)
        if self._path is None:
            sys.stdout.write(line + "\n")
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class Folder:
    """Pictures beside the ones they were made of as `NAME-cutout.png`, or in a folder, arranged as their sources are.

    `sources` are all pictures of the command: where two of a folder differ only in their ending, it stays in the name.
    """

    def __init__(self, folder: Path | None, sources: Iterable[str], *, root: Path, resume: bool) -> None:
        self._folder = folder
        self._root = root
        self._resume = resume
        self._alike = Counter(_stem(Path(name)) for name in sources if not name.endswith(ENDING))

    def has(self, name: str) -> bool:
        """What this command itself made is no input; with `resume` neither is what it made something of since."""
        return name.endswith(ENDING) or (self._resume and _is_newer(self.place(name), Path(name)))

    def put(self, name: str, output: Any) -> None:
        """Written under another name first, so that there is never half a picture."""
        place = self.place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        rough = place.with_suffix(".part")
        rough.write_bytes(base64.b64decode(output["image"]))
        rough.replace(place)
        sys.stdout.write(f"{place}\n")

    def place(self, name: str) -> Path:
        """Where the picture made of `name` goes."""
        source = Path(name)
        kept = source.name if self._alike[_stem(source)] > 1 else source.stem
        return self._above(source) / f"{kept}{ENDING}"

    def _above(self, source: Path) -> Path:
        if self._folder is None:
            return source.parent
        parent = source.resolve().parent
        return self._folder / parent.relative_to(self._root) if parent.is_relative_to(self._root) else self._folder


def root_of(words: Iterable[str]) -> Path:
    """The folder that holds everything that a command names."""
    paths = [Path(word).resolve() for word in words]
    folders = [str(path if path.is_dir() else path.parent) for path in paths]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # nothing was named, or it lies on several drives
        return Path.cwd()


def _stem(source: Path) -> str:
    """What two pictures share that would get the same name; many disks do not tell `A` from `a`."""
    return str(source.resolve().with_suffix("")).casefold()


def _is_newer(made: Path, source: Path) -> bool:
    return made.is_file() and source.is_file() and made.stat().st_mtime >= source.stat().st_mtime


def _names(path: Path) -> set[str]:
    """Inputs in a file of results; a last line that was cut off is forgotten."""
    found: set[str] = set()
    whole = []
    for line in path.read_text("utf-8").splitlines():
        try:
            found.add(str(json.loads(line)["input"]))
        except (ValueError, KeyError, TypeError):
            continue
        whole.append(line)
    path.write_text("".join(f"{line}\n" for line in whole), "utf-8")
    return found
