"""The async edge of the plain form: files go from the socket to the disk block by block."""

import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

import anyio
from starlette.responses import Response

from bearhug.base.errors import HubError, Moved
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.pour import pour
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.commits.service import Commits
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of
from bearhug.hub.uploads.arrival import Arrival
from bearhug.hub.uploads.pages import ADDRESS, REFUSALS, UploadPages, target
from bearhug.hub.uploads.service import Uploads

PREFIX = "form-"
STALE = 24 * 3600


class UploadStream:
    """Receives the form of the upload page."""

    def __init__(self, uploads: Uploads, pages: UploadPages, who: Who, tmp: Path) -> None:
        self._uploads = uploads
        self._pages = pages
        self._who = who
        self._tmp = tmp

    def rows(self) -> list[Row]:
        summary = "Files from the form of the upload page"
        return [
            Row(
                "POST",
                ADDRESS,
                None,
                summary,
                "writer",
                "form",
                "a redirect",
                page=True,
                refuses=REFUSALS,
                stream=self.receive,
            )
        ]

    async def receive(self, call: Call) -> Response:
        try:
            return await self._receive(call)
        except Moved:
            raise
        except HubError as error:
            return await anyio.to_thread.run_sync(self._pages.page, call, error)

    async def _receive(self, call: Call) -> Response:
        folder = await anyio.to_thread.run_sync(self._begin, call)
        try:
            arrival = Arrival(call.header("content-type"), folder)
            try:
                await pour(call, arrival.write)
                return await anyio.to_thread.run_sync(self._commit, call, arrival)
            finally:
                arrival.close()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(partial(shutil.rmtree, folder, ignore_errors=True))

    def _begin(self, call: Call) -> Path:
        """Refuse before anything was received, else make a folder for it."""
        declared = call.header("content-length")
        self._uploads.open(self._who(call), name_of(call), int(declared) if declared.isdigit() else 0)
        target(call)
        _sweep(self._tmp)
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._tmp))

    def _commit(self, call: Call, arrival: Arrival) -> Response:
        arrival.finish()
        rev, folder = target(call)
        actor, name = self._who(call), name_of(call)
        self._uploads.commit(actor, name, rev, folder, arrival.files, arrival.words)
        repo = self._uploads.open(actor, name, 0)
        return redirect(wire.at(repo, "tree", rev, folder), status=303)


def upload_rows(frame: Frame, refs: Refs, commits: Commits, tmp: Path) -> list[Row]:
    """The page that takes files in, and the form on it."""
    pages = UploadPages(frame, refs)
    return [*pages.rows(), *UploadStream(Uploads(commits), pages, frame.who, tmp).rows()]


def _sweep(tmp: Path) -> None:
    """What forms left behind that a stop of the hub cut off."""
    for folder in tmp.glob(f"{PREFIX}*"):
        try:
            is_stale = folder.stat().st_mtime < time.time() - STALE
        except FileNotFoundError:
            continue
        if is_stale:
            shutil.rmtree(folder, ignore_errors=True)
