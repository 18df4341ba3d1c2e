"""Where the outputs of a command go: lines of JSON, or pictures beside the ones they were made of."""

import base64
import json
import sys
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
    """Pictures in a folder, or beside the ones they were made of as `NAME-cutout.png`."""

    def __init__(self, folder: Path | None, *, resume: bool) -> None:
        self._folder = folder
        self._resume = resume

    def has(self, name: str) -> bool:
        """What this command itself made is no input; with `resume` neither is what it made something of."""
        return name.endswith(ENDING) or (self._resume and self.place(name).exists())

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
        return (self._folder or source.parent) / f"{source.stem}{ENDING}"


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
