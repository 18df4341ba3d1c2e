"""Runs a git command whose time and output are bounded."""

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from bearhug.base.errors import HubError


class TookTooLong(Exception):
    """The command was ended because its time was up."""


def run(path: Path, arguments: Sequence[str], *, most: int, seconds: float) -> tuple[bytes, bool]:
    """What git prints about the repository at `path`: at most so many bytes, and whether that is all of it.

    TookTooLong where it takes more than `seconds`; HubError where git fails.
    """
    program = ["git", "--git-dir", str(path), "-c", "core.bigFileThreshold=1m", *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        late = threading.Event()
        timer = threading.Timer(seconds, _end, (process, late))
        timer.start()
        assert process.stdout is not None
        try:
            output = process.stdout.read(most + 1)
        finally:
            timer.cancel()
            whole = len(output) <= most
            if not whole:
                process.kill()
    if late.is_set():
        raise TookTooLong
    if whole and process.returncode != 0:
        raise HubError(f"git {arguments[0]} failed.")
    return output[:most], whole


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
