"""Who wrote which lines of a file."""

import re
from collections.abc import Iterator
from pathlib import Path

from bearhug.base.errors import Unprocessable
from bearhug.hub.history.command import TookTooLong, run

LARGEST = 1 << 20
SECONDS = 10.0
TOO_MUCH = "The history of this file is too long to tell who wrote which line."
_GROUP = re.compile(rb"([0-9a-f]{40}) \d+ (\d+) (\d+)\Z")


def groups(path: Path, commit: str, file: str) -> Iterator[tuple[str, int, int]]:
    """`(commit, first line, number of lines)` from the top of the file down. Unprocessable where it takes too long."""
    arguments = ["blame", "--porcelain", commit, "--", file]
    try:
        output, whole = run(path, arguments, most=16 * LARGEST, seconds=SECONDS)
    except TookTooLong as error:
        raise Unprocessable(TOO_MUCH) from error
    if not whole:
        raise Unprocessable(TOO_MUCH)
    for line in output.split(b"\n"):
        found = None if line.startswith(b"\t") else _GROUP.match(line)
        if found:
            oid, first, count = found.groups()
            yield oid.decode(), int(first), int(count)
