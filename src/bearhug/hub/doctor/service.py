"""Looks at the data folder, the programs, the database, the clock, the address and the disk."""

import http.client
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bearhug.base import events, whereabouts
from bearhug.base.db import Database
from bearhug.hub.doctor.records import Finding, Health

GIB = 1 << 30
LEAST_GIT = (2, 36)
LEAST_ROOM = 5 * GIB
MOST_SKEW = 60.0
PATIENCE = 3.0
HOOKS = "hooks"
STATES = ("waiting", "running", "done", "failed", "cancelled")
"""Of jobs; all are always named, so that one sentence in every language says it."""
SOFTWARE_FROM = 1_780_000_000
"""Unix time before which no clock that is right can stand: this program is younger."""


@dataclass(frozen=True)
class Place:
    """What the doctor is told of the hub."""

    data: Path
    host: str
    port: int
    public_url: str | None

    @property
    def here(self) -> str:
        """The address that it listens on."""
        return whereabouts.address(self.host, self.port)


class Doctor:
    """Every check is short and leaves nothing behind."""

    def __init__(self, db: Database, place: Place) -> None:
        self._db = db
        self._place = place

    def examine(self) -> Iterator[Finding]:
        """Run every check."""
        yield from self._run(self._database_whole, self._answer)

    def glance(self) -> Iterator[Finding]:
        """Run those that stay short however large the hub is."""
        yield from self._run(self._database)

    def _run(self, *more: Callable[[], Finding]) -> Iterator[Finding]:
        checks = [self._folder, self._programs, self._room, self._git, self._git_lfs]
        for check in (*checks, self._jobs, self._clock, self._address, *more):
            yield check()

    def _folder(self) -> Finding:
        name = "data folder"
        try:
            with tempfile.TemporaryFile(dir=self._place.data) as file:
                file.write(b"x")
                os.fsync(file.fileno())
        except OSError as error:
            return Finding(
                name, Health.BAD, f"cannot write to {self._place.data}: {error.strerror}", "Check its owner."
            )
        if _is_open(self._place.data / "bearhug.db") and _is_open(self._place.data):
            line = f"everybody on this machine may read {self._place.data}"
            return Finding(name, Health.POOR, line, "Take the right away: chmod -R o-rwx on that folder.")
        return Finding(name, Health.GOOD, str(self._place.data))

    def _programs(self) -> Finding:
        """The hub lets git ask it about each push through a small program in the data folder."""
        folder = self._place.data / HOOKS
        try:
            with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else self._place.data) as made:
                script = Path(made) / "hello"
                script.write_text("#!/bin/sh\nexit 0\n")
                script.chmod(0o700)
                subprocess.run([str(script)], timeout=10, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            advice = "Nobody can push. Mount the data folder without noexec."
            return Finding("programs of the data folder", Health.BAD, f"cannot be run: {error}", advice)
        return Finding("programs of the data folder", Health.GOOD, "can be run")

    def _room(self) -> Finding:
        usage = shutil.disk_usage(self._place.data)
        line = f"{usage.free / GIB:.1f} GiB of {usage.total / GIB:.1f} GiB free"
        if usage.free < LEAST_ROOM:
            return Finding("disk room", Health.POOR, line, "Uploads fail when it runs out. Make room or move the data.")
        return Finding("disk room", Health.GOOD, line)

    def _git(self) -> Finding:
        version = _version(["git", "--version"])
        least = ".".join(map(str, LEAST_GIT))
        if version is None:
            return Finding("git", Health.BAD, "not found", f"Install git {least} or newer.")
        if version[:2] < LEAST_GIT:
            return Finding("git", Health.BAD, _dotted(version), f"Install git {least} or newer.")
        return Finding("git", Health.GOOD, _dotted(version))

    def _git_lfs(self) -> Finding:
        version = _version(["git-lfs", "--version"])
        if version is None:
            advice = "The hub does not need it, but people who push large files with git do."
            return Finding("git-lfs", Health.POOR, "not found on this machine", advice)
        return Finding("git-lfs", Health.GOOD, _dotted(version))

    def _database_whole(self) -> Finding:
        return self._database(whole=True)

    def _database(self, *, whole: bool = False) -> Finding:
        """Whether rows can be read; of the whole file of SQLite, which takes its time, also whether it is sound."""
        kind = self._db.url.get_backend_name()
        try:
            with self._db.reading() as tx:
                version = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
                looked = whole and self._db.is_sqlite
                broken = tx.execute(text("PRAGMA quick_check(1)")).scalar() if looked else "ok"
        except SQLAlchemyError as error:
            reason = str(error).splitlines()[0]
            return Finding(
                "database", Health.BAD, f"{kind}: {reason}", "Check BEARHUG_DATABASE_URL, or restore a backup."
            )
        if broken != "ok":
            return Finding("database", Health.BAD, f"{kind}: {broken}", "Restore the newest backup.")
        return Finding("database", Health.GOOD, f"{kind}, step {version}")

    def _jobs(self) -> Finding:
        with self._db.reading() as tx:
            tally = events.tally(tx)
        line = ", ".join(f"{tally.get(status, 0)} {status}" for status in STATES)
        if tally.get("failed"):
            advice = "The log says why. `bearhug fsck` sets them going again."
            return Finding("background jobs", Health.POOR, line, advice)
        return Finding("background jobs", Health.GOOD, line)

    def _clock(self) -> Finding:
        """The clock must be plausible, and agree with that of the file system (which may be another machine's)."""
        moment = time.time()
        with tempfile.NamedTemporaryFile(dir=self._place.data) as file:
            skew = abs(Path(file.name).stat().st_mtime - moment)
        if moment < SOFTWARE_FROM:
            return Finding("clock", Health.BAD, time.ctime(moment), "Set it: tokens and signatures expire by it.")
        if skew > MOST_SKEW:
            return Finding(
                "clock", Health.POOR, f"{skew:.0f} s apart from the data folder's", "Run NTP on both machines."
            )
        return Finding("clock", Health.GOOD, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment)))

    def _address(self) -> Finding:
        """Clients get absolute addresses, so the hub must know the one that they use."""
        url = self._place.public_url
        if url is None:
            local = whereabouts.near(self._place.here)
            if self._place.host in ("127.0.0.1", "localhost", "::1"):
                return Finding("public address", Health.GOOD, f"{local} (this machine only)")
            advice = "Behind a proxy set BEARHUG_PUBLIC_URL to the address that people type."
            return Finding(
                "public address", Health.POOR, f"not set; answers name the host of each request ({local})", advice
            )
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return Finding("public address", Health.BAD, url, "It must look like https://hub.example.org.")
        if parts.path:
            advice = "Clients need the hub at the root of its host: give it a host name of its own."
            return Finding("public address", Health.BAD, url, advice)
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost"):
            return Finding("public address", Health.POOR, url, "Tokens travel in the clear. Put TLS in front.")
        return Finding("public address", Health.GOOD, url)

    def _answer(self) -> Finding:
        """What clients meet at the address that they were told."""
        url = self._place.public_url or whereabouts.near(self._place.here)
        if urlsplit(url).scheme not in ("http", "https"):
            return Finding("clients reach the hub", Health.BAD, f"nobody can ask {url}", "Correct the public address.")
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=PATIENCE) as answer:  # noqa: S310 - http
                found = json.loads(answer.read(10_000))
        except (OSError, ValueError, http.client.HTTPException) as error:
            advice = "Start it with `bearhug up`; if it runs, look at the proxy, the name and the certificate."
            return Finding("clients reach the hub", Health.POOR, f"{url} does not answer: {_why(error)}", advice)
        if not isinstance(found, dict) or "status" not in found:
            advice = "Something else answers there. Correct BEARHUG_PUBLIC_URL or the proxy."
            return Finding("clients reach the hub", Health.BAD, f"{url} is no Bearhug", advice)
        return Finding("clients reach the hub", Health.GOOD, f"{url} answers")


def client_lines(url: str) -> list[tuple[str, str]]:
    """What each client has to be told, by name."""
    return [
        ("huggingface_hub, hf, transformers, datasets", f"export HF_ENDPOINT={url}"),
        ("git", f"git clone {url}/OWNER/NAME   (user name, and a token or the password)"),
        ("git-lfs", "git lfs install   (once a machine)"),
        ("@huggingface/hub", f'hubUrl: "{url}"'),
        ("transformers.js", f'env.remoteHost = "{url}/"'),
        ("plain HTTP", f"curl -L -H 'Authorization: Bearer hf_…' {url}/OWNER/NAME/resolve/main/FILE"),
    ]


def _why(error: Exception) -> str:
    """The system's own words, without the names of Python's classes around them."""
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)


def _version(command: list[str]) -> tuple[int, ...] | None:
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+(?:\.\d+)+)", shown)
    return tuple(int(part) for part in found[1].split(".")) if found else None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _is_open(path: Path) -> bool:
    """Whether every account of this machine may read it."""
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH)
