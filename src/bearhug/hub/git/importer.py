"""Writes commits with `git fast-import`: blobs stream in first, the commit follows under the repository's lock.

One pack a commit, written and synced by git itself; the branch moves only afterwards.
"""

import logging
import re
import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pygit2

from bearhug.base.errors import HubError, RepoNotFound, StorageFull
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.records import Author, Change, Put, Rename

log = logging.getLogger("bearhug.git")

FULL = ("No space left", "Out of diskspace", "Disk quota exceeded", "File too large")
"""How git and the system put it."""
_PACK = re.compile(r"tmp_(?:pack|idx|rev)_\w+")


class Importer:
    """One running `git fast-import`. Use as a context manager; leaving it without `commit` keeps nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._marks = 0
        self._ref = f"refs/bearhug/incoming/{secrets.token_hex(8)}"

    def __enter__(self) -> "Importer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            begun = _begun_packs(self._process.pid)
            self._process.kill()
            self._process.communicate()
            self._drop(begun)
        for report in self._path.glob("fast_import_crash_*"):
            report.unlink(missing_ok=True)

    def blob(self, content: bytes) -> str:
        """Add a blob; its mark goes into a Put."""
        self._marks += 1
        self._write(b"blob\nmark :%d\ndata %d\n" % (self._marks, len(content)), content, b"\n")
        return f":{self._marks}"

    def commit(
        self, author: Author, message: str, changes: Iterable[Change], *, parent: str | None, moment: int
    ) -> str:
        """Write the commit and return its object id; no branch has moved yet. `moment` in Unix seconds."""
        stamp = f"{_plain(author.name)} <{_plain(author.email)}> {moment} +0000"
        text = message.encode()
        self._write(f"commit {self._ref}\nauthor {stamp}\ncommitter {stamp}\ndata {len(text)}\n".encode(), text, b"\n")
        if parent is not None:
            self._write(f"from {parent}\n".encode())
        for change in changes:
            self._write(_line(change))
        self._write(b"done\n")
        self._finish()
        return self._take_ref()

    def _take_ref(self) -> str:
        repo = pygit2.Repository(str(self._path))
        reference = repo.references[self._ref]
        oid = str(reference.target)
        reference.delete()
        return oid

    def _write(self, *parts: bytes) -> None:
        process = self._process or self._start()
        assert process.stdin is not None
        try:
            for part in parts:
                process.stdin.write(part)
        except BrokenPipeError:
            self._finish()

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            command("--git-dir", self._path, "fast-import", "--quiet", "--done", "--date-format=raw"),
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        return self._process

    def _finish(self) -> None:
        process = self._process
        assert process is not None
        self._process = None
        begun = _begun_packs(process.pid)
        _, stderr = process.communicate()
        if process.returncode != 0:
            text = stderr.decode(errors="replace")
            self._drop([*begun, *_PACK.findall(text)])
            if any(words in text for words in FULL):
                raise StorageFull
            if not self._path.is_dir():
                raise RepoNotFound
            log.error("git fast-import in %s: %s", self._path, text.strip()[:2000])
            raise HubError("git could not write the commit. The log of the hub has its reasons.")

    def _drop(self, packs: Iterable[str]) -> None:
        """Remove packs that were begun and are of no use: they may be as large as what was sent."""
        for name in packs:
            (self._path / "objects/pack" / name).unlink(missing_ok=True)


def _begun_packs(pid: int) -> list[str]:
    """The unfinished packs that a running program writes; none where the system does not tell."""
    try:
        files = [file.readlink().name for file in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return []
    return [name for name in files if _PACK.fullmatch(name)]


def _line(change: Change) -> bytes:
    path = quote_path(change.path)
    if isinstance(change, Put):
        return b"M %s %s %s\n" % (change.mode.encode(), change.blob.encode(), path)
    if isinstance(change, Rename):
        return b"R %s %s\n" % (quote_path(change.old_path), path)
    return b"D %s\n" % path


def quote_path(path: str) -> bytes:
    """A path as fast-import reads it back whatever it holds: C-style quoting."""
    raw = path.encode()
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def _plain(text: str) -> str:
    return "".join(ch for ch in text if ch not in "<>\n\r\0").strip() or "unknown"
