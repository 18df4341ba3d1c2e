"""A terminal of one person: a home folder, an environment, and commands that answer."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that stood on the terminal."""
        return self.out + self.err


class CommandFailed(AssertionError):
    """A command that was expected to work did not."""


class Shell:
    """Runs programs of this environment in the person's home folder."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        kept = {key: os.environ[key] for key in ("LANG", "LC_ALL", "TMPDIR") if key in os.environ}
        self.env = {**kept, "PATH": programs, "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200", **env}

    def try_(self, *command: str | Path, cwd: Path | None = None, text: str = "") -> Answer:
        """Run a command that may fail."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd or self.home,
            env=self.env,
            input=text,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def __call__(self, *command: str | Path, cwd: Path | None = None, text: str = "") -> str:
        """Run a command that must work; gives what it printed on standard output."""
        answer = self.try_(*command, cwd=cwd, text=text)
        if answer.code != 0:
            raise CommandFailed(f"{' '.join(map(str, command))} -> {answer.code}\n{answer.text}")
        return answer.out
