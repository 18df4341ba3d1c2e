"""Commits files that a form brought, by the same rules as every other way in."""

from collections.abc import Sequence

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.formats.paths import PathError, check_path
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.commits.records import AddFile, AddLfs, Committed, Header, Upload
from bearhug.hub.commits.service import Commits
from bearhug.hub.lfs.records import Batch, Offer, Wanted
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.uploads.records import Arrived, Words

BLOCK = 1 << 20


class Uploads:
    """Files from a form."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits
        self._lfs = commits.lfs

    def open(self, actor: Actor, name: RepoName, announced: int) -> Repo:
        """The repository, if the actor may write there and `announced` bytes have room on the disk."""
        with self._commits.repos.db.reading() as tx:
            repo = self._commits.repos.open(tx, actor, name, Level.WRITE)
        self._lfs.objects.blobs.check_room(announced)
        return repo

    def commit(
        self, actor: Actor, name: RepoName, rev: str, folder: str, files: Sequence[Arrived], words: Words
    ) -> Committed:
        """One commit with all files below `folder`; what the repository's rules say is large becomes a large file."""
        if not files:
            raise BadRequest("Choose at least one file.")
        arrived = {_joined(folder, file.path): file for file in files}
        asked = [Upload(path, file.size, file.sample) for path, file in arrived.items()]
        answers = self._commits.preupload(actor, name, rev, asked, {})
        kept = [answer for answer in answers if not answer.ignored]
        large = {answer.path: arrived[answer.path] for answer in kept if answer.mode == "lfs"}
        self._send(actor, name, list(large.values()))
        summary = words.summary or _summary([answer.path for answer in kept])
        with self._commits.begin(actor, name, rev) as draft:
            draft.add(Header(summary, words.description))
            for answer in kept:
                file = arrived[answer.path]
                if answer.path in large:
                    draft.add(AddLfs(answer.path, file.sha256, file.size))
                else:
                    draft.add(AddFile(answer.path, file.place.read_bytes()))
            return draft.finish()

    def _send(self, actor: Actor, name: RepoName, files: Sequence[Arrived]) -> None:
        """Bring large files into the store, each content once."""
        by_oid = {file.sha256: file for file in files}
        if not by_oid:
            return
        wanted = tuple(Wanted(file.sha256, file.size) for file in by_oid.values())
        for offer in self._lfs.batch(actor, name, Batch(upload=True, transfers=("basic",), objects=wanted)).offers:
            self._keep(offer, by_oid[offer.oid])

    def _keep(self, offer: Offer, file: Arrived) -> None:
        if offer.code:
            raise Unprocessable(f"{file.path}: {offer.message}")
        if offer.ticket is None:
            return
        upload = self._lfs.send(offer.ticket)
        try:
            with file.place.open("rb") as source:
                while block := source.read(BLOCK):
                    upload.write(block)
            upload.finish()
        finally:
            upload.close()


def _joined(folder: str, path: str) -> str:
    whole = f"{folder}/{path}" if folder else path
    try:
        return check_path(whole)
    except PathError as error:
        raise Unprocessable(f'The path "{whole[:200]}" cannot be used: {error}') from error


def _summary(paths: Sequence[str]) -> str:
    return f"Upload {paths[0]}" if len(paths) == 1 else f"Upload {len(paths)} files"
