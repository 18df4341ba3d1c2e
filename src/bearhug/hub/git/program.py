"""How the git program is called: by argument lists, in an environment that knows nobody's own settings."""

import os
import shutil
from pathlib import Path

GIT = shutil.which("git") or "git"
PATH = os.pathsep.join([str(Path(GIT).parent), os.defpath])


def command(*words: str | Path) -> list[str]:
    """The argument list of a git call. A data folder may belong to another user than the one who runs the hub."""
    return [GIT, "-c", "safe.directory=*", *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    """What a git process may see: no user's or system's configuration, no prompts, English messages."""
    return {
        "PATH": PATH,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **more,
    }
