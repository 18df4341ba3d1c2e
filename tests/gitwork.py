"""Commits made straight in a repository on disk, and questions to the git binary about it."""

import subprocess
from collections.abc import Iterable, Mapping

from bearhug.hub.git.records import MAIN, Author, Change, Put, Remove
from bearhug.hub.git.service import Git

ADA_WRITES = Author("ada", "ada@users.noreply.bearhug")


class Workshop:
    """One repository by its folder: `shop.commit({"a.txt": "new", "b.txt": None})` writes a and removes b."""

    def __init__(self, git: Git, folder: str) -> None:
        self.git = git
        self.folder = folder
        self._moment = 1_700_000_000

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        message: str = "Change",
        *,
        ref: str = MAIN,
        author: Author = ADA_WRITES,
    ) -> str:
        """Commit on a reference (made if need be) and return the commit's id; one second passes."""
        self._moment += 1
        old = self.git.read(self.folder).ref(ref)
        with self.git.importer(self.folder) as importer:
            changes: list[Change] = []
            for path, content in files.items():
                if content is None:
                    changes.append(Remove(path))
                else:
                    blob = content.encode() if isinstance(content, str) else content
                    changes.append(Put(path, importer.blob(blob)))
            oid = importer.commit(author, message, changes, parent=old, moment=self._moment)
        self.git.move_ref(self.folder, ref, oid, old=old)
        return oid

    def grow(self, commits: Iterable[Mapping[str, str | None]], *, ref: str = MAIN) -> None:
        """Many commits in one go, a second apart, titled by their numbers from 0."""
        old = self.tip(ref)
        stream = bytearray(f"reset refs/grown\nfrom {old}\n\n".encode() if old else b"")
        for number, files in enumerate(commits):
            self._moment += 1
            title = str(number)
            stream += f"commit refs/grown\ncommitter ada <{ADA_WRITES.email}> {self._moment} +0000\n".encode()
            stream += f"data {len(title)}\n{title}\n".encode()
            for path, content in files.items():
                if content is None:
                    stream += f"D {path}\n".encode()
                else:
                    blob = content.encode()
                    stream += f"M 100644 inline {path}\ndata {len(blob)}\n".encode() + blob + b"\n"
        self.run("fast-import", "--quiet", "--force", stdin=bytes(stream))
        new = self.run("rev-parse", "refs/grown").strip()
        self.run("update-ref", "-d", "refs/grown")
        self.git.move_ref(self.folder, ref, new, old=old)

    def tip(self, ref: str = MAIN) -> str | None:
        """The commit that a reference leads to."""
        return self.git.read(self.folder).ref(ref)

    def run(self, *arguments: str, stdin: bytes = b"") -> str:
        """What `git …` in the repository prints."""
        program = ["git", "--git-dir", str(self.git.path(self.folder)), *arguments]
        done = subprocess.run(program, input=stdin, capture_output=True, check=True)
        return done.stdout.decode()
