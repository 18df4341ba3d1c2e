"""List, delete and copy large files."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, GatedRepo, RepoNotFound
from bearhug.base.http.answers import json_answer, next_link, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.lfs_files import wire
from bearhug.hub.lfs_files.service import LfsFiles
from bearhug.hub.repos.wire import name_of

PAGE = 1000


class LfsFilesApi:
    """The JSON endpoints of a repository's large files."""

    def __init__(self, files: LfsFiles, who: Who) -> None:
        self._files = files
        self._who = who

    def rows(self) -> list[Row]:
        base = "/api/{types}/{ns}/{name}/lfs-files"
        return [
            Row(
                "GET",
                base,
                self.listing,
                "Large files of the whole history",
                audience="reader",
                returns="[{fileOid, filename, oid, pushedAt, size, ref}]",
                refuses=(RepoNotFound, GatedRepo, BadRequest),
            ),
            Row(
                "POST",
                f"{base}/batch",
                self.delete_many,
                "Delete large files for good, if wanted from history too",
                audience="owner",
                body="json",
                refuses=(RepoNotFound, Forbidden, BadRequest),
            ),
            Row(
                "DELETE",
                f"{base}/{{sha}}",
                self.delete,
                "Delete a large file for good; with rewriteHistory from history too",
                audience="owner",
                refuses=(RepoNotFound, Forbidden, BadRequest),
            ),
            Row(
                "POST",
                f"{base}/duplicate",
                self.duplicate,
                "Let another repository hold the same large files",
                audience="user",
                body="json",
                returns="{failed: [{sha256, error}]}",
                refuses=(RepoNotFound, GatedRepo, Forbidden, BadRequest),
            ),
        ]

    def listing(self, call: Call) -> Response:
        limit = max(call.number("limit", PAGE, most=PAGE), 1)
        page = self._files.page(self._who(call), name_of(call), after=wire.cursor(call), limit=limit)
        return json_answer([wire.file_json(file) for file in page.files], headers=next_link(call, page.cursor))

    def delete_many(self, call: Call) -> Response:
        oids, rewrite = wire.deletions(call)
        self._files.delete(self._who(call), name_of(call), oids, rewrite_history=rewrite)
        return ok()

    def delete(self, call: Call) -> Response:
        oid, rewrite = wire.oid(call.params["sha"]), call.flag("rewriteHistory")
        self._files.delete(self._who(call), name_of(call), [oid], rewrite_history=rewrite)
        return ok()

    def duplicate(self, call: Call) -> Response:
        target, oids = wire.copies(call)
        return json_answer(wire.failed_json(self._files.duplicate(self._who(call), name_of(call), target, oids)))
