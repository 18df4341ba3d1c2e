"""The pre-receive hook: a few lines of shell that ask the server over two pipes and do as it says."""

import os
import secrets
from pathlib import Path

NAME = "pre-receive"

# The server passes the pipes down through `git receive-pack`. When it dies they close, and the push is refused.
SCRIPT = """\
#!/bin/sh
{ printf '%s\\n' "$GIT_QUARANTINE_PATH" && cat && echo end; } >"/dev/fd/$BEARHUG_ASK" || exit 1
said=
while IFS= read -r line; do
	case $line in
	ok) exit 0 ;;
	*) printf '%s\\n' "${line#say }" >&2; said=yes ;;
	esac
done <"/dev/fd/$BEARHUG_ANSWER"
test -n "$said" || echo "The hub stopped before it could check this push. Please push again." >&2
exit 1
"""


class Hook:
    """The folder that git is told to take its hooks from; nothing else lies in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / NAME
        if not self._path.exists() or self._path.read_text() != SCRIPT:
            fresh = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}")
            fresh.write_text(SCRIPT)
            fresh.chmod(0o755)
            fresh.replace(self._path)

    def works(self) -> bool:
        """Whether git will run it: without an executable hook, git lets every push pass."""
        return os.access(self._path, os.X_OK)
