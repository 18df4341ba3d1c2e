"""Two changes of one text put together, as git does it."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bearhug.hub.git.program import command, environment

PATIENCE = 10.0


def merged(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """Both changes of the base in one text; None where they touch the same lines."""
    with TemporaryDirectory(prefix="bearhug-merge-") as folder:
        files = [Path(folder) / name for name in ("mine", "base", "theirs")]
        for file, content in zip(files, (mine, base, theirs), strict=True):
            file.write_bytes(content)
        done = subprocess.run(
            command("merge-file", "-p", "-q", *map(str, files)),
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    return done.stdout if done.returncode == 0 else None
