"""Resolve, raw, tree and paths-info."""

from collections.abc import Callable

from starlette.responses import Response

from bearhug.base.brief import takes_long
from bearhug.base.errors import (
    BadRequest,
    EntryNotFound,
    GatedRepo,
    RangeNotSatisfiable,
    RepoNotFound,
    RevisionNotFound,
)
from bearhug.base.http.answers import content_answer, disposition, json_answer, next_link
from bearhug.base.http.call import Call
from bearhug.base.http.rows import MIB, Row
from bearhug.hub.access.who import Who
from bearhug.hub.downloads.service import Downloads
from bearhug.hub.files.media import guard_headers, media_type
from bearhug.hub.files.records import Resolved
from bearhug.hub.files.service import Files
from bearhug.hub.files.wire import chunk_headers, entry_json, file_headers, revision_and_path, wanted_paths
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.wire import name_of

PAGE = 1000
EXPANDED_PAGE = 50
REFUSALS = (RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo)


class FilesApi:
    """Reading files."""

    def __init__(self, files: Files, downloads: Downloads, who: Who, chunk_store: Callable[[Repo], str]) -> None:
        self._files = files
        self._downloads = downloads
        self._who = who
        self._chunk_store = chunk_store

    def rows(self) -> list[Row]:
        api = "/api/{types}/{ns}/{name}"
        return [
            Row(
                "GET",
                "/{kind}/{ns}/{name}/resolve/{rev}/{path*}",
                self.resolve,
                "Download a file, whole or in part",
                audience="reader",
                returns="the bytes, with ETag, X-Repo-Commit, X-Linked-Etag and X-Linked-Size",
                refuses=(*REFUSALS, RangeNotSatisfiable),
                brief=True,
            ),
            Row(
                "GET",
                "/{kind}/{ns}/{name}/raw/{rev}/{path*}",
                self.raw,
                "The git blob itself; of a large file its pointer",
                audience="reader",
                returns="text",
                refuses=REFUSALS,
            ),
            Row(
                "GET",
                f"{api}/tree/{{rev}}/{{path*}}",
                self.tree,
                "Entries of a folder",
                audience="reader",
                returns="[{type, oid, size, path, lfs, lastCommit}]",
                refuses=REFUSALS,
            ),
            Row(
                "POST",
                f"{api}/paths-info/{{rev}}",
                self.paths_info,
                "Entries at given paths",
                audience="reader",
                body="form",
                limit=16 * MIB,
                returns="[{type, oid, size, path, lfs, lastCommit}]",
                refuses=(RepoNotFound, RevisionNotFound, GatedRepo, BadRequest),
            ),
        ]

    def resolve(self, call: Call) -> Response:
        rev, path = revision_and_path(call)
        actor = self._who(call)
        found = self._files.resolve(actor, name_of(call), rev, path)
        if call.method == "GET" and found.content.blocks is not None:
            takes_long()
        if not call.header("range") and not call.header("if-none-match"):
            visitor = actor.name or call.client_ip
            self._downloads.note(found.repo, path, visitor, asks=call.method == "HEAD")
        return self._send(call, found, media_type(path))

    def raw(self, call: Call) -> Response:
        rev, path = revision_and_path(call)
        found = self._files.raw(self._who(call), name_of(call), rev, path)
        return self._send(call, found, "text/plain; charset=utf-8")

    def _send(self, call: Call, found: Resolved, kind: str) -> Response:
        inline = not call.flag("download")
        headers = {
            **file_headers(found),
            **chunk_headers(found, call.base_url, self._chunk_store(found.repo)),
            **guard_headers(),
            "content-type": kind,
            "content-disposition": disposition(found.path.rsplit("/", 1)[-1], inline=inline),
            "cache-control": "private, no-cache" if found.repo.private else "no-cache",
            "vary": "authorization, cookie",
        }
        return content_answer(call, found.content, headers)

    def tree(self, call: Call) -> Response:
        rev, path = revision_and_path(call)
        expand = call.flag("expand")
        most = EXPANDED_PAGE if expand else PAGE
        page = self._files.tree(
            self._who(call),
            name_of(call),
            rev,
            path.strip("/"),
            recursive=call.flag("recursive"),
            expand=expand,
            limit=call.number("limit", most, most=most) or most,
            after=call.one("cursor") or "",
        )
        entries = [entry_json(item, expand=expand) for item in page.entries]
        return json_answer(entries, headers=next_link(call, page.cursor))

    def paths_info(self, call: Call) -> Response:
        paths, expand = wanted_paths(call)
        found = self._files.paths(self._who(call), name_of(call), call.params["rev"], paths, expand=expand)
        return json_answer([entry_json(item, expand=expand) for item in found])
