"""Environments below one folder, each in a folder of its own name and version, with a mark once it is whole.

Programs of an environment name the place where it was made, so it is made there and not moved.
"""

import fcntl
import json
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bearhug.base.errors import BadRequest, Conflict, NotFound, Unprocessable
from bearhug.inference.environments.recipes import RECIPES
from bearhug.inference.environments.records import Installed, Recipe

ENVIRONMENTS = "environments"
"""The folder's name below the data folder."""
WHOLE = "bearhug.json"
"""The mark of an environment that is whole: what it is."""
LOCK = ".lock"
LAST_LINES = 12
Say = Callable[[str], None]


class Environments:
    """`variables` are those of this machine that programs in environments are told of (GPUs, settings of engines)."""

    def __init__(
        self, root: Path, variables: Mapping[str, str] | None = None, recipes: Mapping[str, Recipe] = RECIPES
    ) -> None:
        self._root = root
        self.recipes = dict(recipes)
        self.variables = dict(variables or {})

    def program(self, name: str) -> tuple[str, ...] | None:
        """The command that starts an engine; None while its environment is not there or not whole."""
        recipe = self.recipes[name]
        folder = self._folder(recipe)
        first, *others = recipe.program
        return (str(folder / first), *others) if (folder / WHOLE).exists() and (folder / first).exists() else None

    def installed(self) -> list[Installed]:
        """What is there, versions that nobody needs any more included."""
        return [_read(mark) for mark in sorted(self._root.glob(f"*/{WHOLE}"))]

    def install(self, name: str, say: Say, flags: Sequence[str] = ()) -> Installed:
        """Make an environment, telling what pip tells; `flags` go to pip. What does not get whole is removed."""
        recipe = self._recipe(name)
        folder = self._folder(recipe)
        with self._alone():
            self._sweep()
            if (folder / WHOLE).exists():
                raise Conflict(f"{recipe.folder_name} is installed already. Remove it first to make it anew.")
            try:
                self._make(recipe, folder, say, flags)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return _read(folder / WHOLE)

    def remove(self, name: str) -> list[Installed]:
        """Remove all versions of an environment; engines that run from it go on until they end."""
        with self._alone():
            self._sweep()
            found = [one for one in self.installed() if one.name == name]
            if not found:
                raise NotFound(f"There is no environment {name} here.")
            for one in found:
                (one.folder / WHOLE).unlink()
                shutil.rmtree(one.folder)
        return found

    def _make(self, recipe: Recipe, folder: Path, say: Say, flags: Sequence[str]) -> None:
        say(f"Making {folder} …")
        _run([sys.executable, "-m", "venv", str(folder)], say)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        for step in recipe.steps:
            _run([*pip, *flags, *step], say)
        if not (folder / recipe.program[0]).exists():
            raise Unprocessable(f"{recipe.folder_name} has no {recipe.program[0]} after it was installed.")
        mark = {"name": recipe.name, "version": recipe.version, "size": _size(folder)}
        (folder / WHOLE).write_text(json.dumps(mark))

    def _recipe(self, name: str) -> Recipe:
        if name not in self.recipes:
            raise BadRequest(f"There is no environment {name} to make. There are {', '.join(self.recipes)}.")
        return self.recipes[name]

    def _folder(self, recipe: Recipe) -> Path:
        return self._root / recipe.folder_name

    def _sweep(self) -> None:
        """Remove what an earlier run left half-made."""
        for folder in self._root.iterdir():
            if folder.is_dir() and not (folder / WHOLE).exists():
                shutil.rmtree(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(
                    "Another command changes the environments at the moment. Wait until it is done."
                ) from error
            yield


def _run(command: list[str], say: Say) -> None:
    """Do it, line by line. Raises Unprocessable with its last lines."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                last.append(line.rstrip())
                say(line.rstrip())
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise Unprocessable("The environment could not be made:\n" + "\n".join(last))


def _read(mark: Path) -> Installed:
    found = json.loads(mark.read_text())
    return Installed(found["name"], found["version"], mark.parent, found["size"])


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
