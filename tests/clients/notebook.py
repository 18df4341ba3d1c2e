"""A Python of its own that runs cells one after another, as behind a notebook: heavy imports are paid once."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.clients.shell import Shell

KERNEL = Path(__file__).parent / "notebook_kernel.py"


class CellFailed(AssertionError):
    """A cell raised; the message ends with its traceback."""


class Notebook:
    """`notebook("1 + 1")` gives 2; names stay from cell to cell; `token=` is who runs this one cell."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        shell = Shell(home, env)
        self.home = home
        self._log = (home / "kernel.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-u", str(KERNEL)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=home,
            env=shell.env,
        )

    def __call__(self, cell: str, *, token: str | None = None, **names: object) -> Any:
        """Run a cell with these names set; gives the value of its last expression, as JSON would carry it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"cell": cell, "names": names, "token": token}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            raise CellFailed(f"the kernel died:\n{self._log.read()[-4000:]}")
        answer = json.loads(line)
        if answer["error"] is not None:
            raise CellFailed(answer["error"])
        return answer["value"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()
