"""A hub in a process of its own that is started and killed over and over on one data folder."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

BEARHUG = str(Path(sys.executable).with_name("bearhug"))
ENV = {**os.environ, "BEARHUG_PASSWORD_MEMORY": "64"}


class Victim:
    """Ready once it is made. `inside` are the words of a program that runs it, and then makes way for it."""

    def __init__(self, data: Path, *, inside: Sequence[str] = (), port: int = 0) -> None:
        program = [*inside, BEARHUG, "up", "--port", str(port), "--json", "--data", str(data)]
        self.log = data.with_suffix(".log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=log, env=ENV)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if not said:
            self.kill()
            raise AssertionError(self.log.read_text()[-4000:])
        self.url = str(json.loads(said)["url"])

    def kill(self) -> None:
        self.process.kill()
        self._reap()

    def stop(self) -> None:
        self.process.terminate()
        self._reap()

    def _reap(self) -> None:
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def command(data: Path, *words: str) -> str:
    """What `bearhug …` says on that data folder; it must succeed."""
    done = subprocess.run([BEARHUG, *words, "--data", str(data)], capture_output=True, text=True, env=ENV, check=False)
    assert done.returncode == 0, f"bearhug {' '.join(words)}:\n{done.stdout}{done.stderr}"
    return done.stdout
