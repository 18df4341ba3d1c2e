"""A computer on which one person uses git and git-lfs: own home, own settings, asked for name and password."""

from pathlib import Path

from tests.clients.shell import Answer, Shell
from tests.live_hub import SHUT_DOOR

# git asks "Username for 'http://…': " and then "Password for 'http://ada@…': ", as it does on a terminal.
ASKPASS = """#!/bin/sh
echo "$1" >> "$HOME/asked"
case "$1" in
  Username*) cat "$HOME/name" ;;
  Password*) cat "$HOME/secret" ;;
esac
"""


class GitBox:
    """`box("add", "."); box("push")` in the clone that was made last."""

    def __init__(self, home: Path, url: str, name: str, secret: str) -> None:
        self.url = url
        home.mkdir(parents=True, exist_ok=True)
        askpass = home / "askpass"
        askpass.write_text(ASKPASS)
        askpass.chmod(0o755)
        (home / "name").write_text(name)
        (home / "secret").write_text(secret)
        env = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_ASKPASS": str(askpass), "GIT_TERMINAL_PROMPT": "0"}
        self.shell = Shell(home, {**env, "https_proxy": SHUT_DOOR, "no_proxy": "127.0.0.1,localhost"})
        self.work = home
        for key, value in {
            "user.name": name or "nobody",
            "user.email": f"{name or 'nobody'}@example.org",
            "init.defaultBranch": "main",
            "advice.detachedHead": "false",
        }.items():
            self.shell("git", "config", "--global", key, value)
        self.shell("git", "lfs", "install", "--skip-repo")

    @property
    def asked(self) -> list[str]:
        """What git asked the person, in order."""
        asked = self.shell.home / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    def clone(self, repo: str, *options: str, folder: str | None = None) -> Path:
        """Clone a repository of the hub and work in it from now on."""
        target = self.shell.home / (folder or repo.removesuffix(".git").rpartition("/")[2])
        self.shell("git", "clone", *options, f"{self.url}/{repo}", target)
        self.work = target
        return target

    def __call__(self, *arguments: str | Path) -> str:
        """`git …` in the clone; must work."""
        return self.shell("git", *arguments, cwd=self.work)

    def try_(self, *arguments: str | Path) -> Answer:
        """`git …` in the clone; may fail."""
        return self.shell.try_("git", *arguments, cwd=self.work)

    def write(self, path: str, body: str | bytes) -> Path:
        """Put a file into the clone."""
        target = self.work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body.encode() if isinstance(body, str) else body)
        return target

    def commit(self, message: str) -> str:
        """`git add .` and `git commit`; gives the commit's id."""
        self("add", ".")
        self("commit", "--quiet", "-m", message)
        return self("rev-parse", "HEAD").strip()
