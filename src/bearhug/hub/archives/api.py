"""Archives by HTTP."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, GatedRepo, NotFound, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import blocks_answer, disposition
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.archives.records import Format
from bearhug.hub.archives.service import Archives
from bearhug.hub.repos.wire import name_of


class ArchivesApi:
    """`archive/main.zip`, `archive/v1.0.tar.gz`; with `?large=pointers` without the content of large files."""

    def __init__(self, archives: Archives, who: Who) -> None:
        self._archives = archives
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "GET",
                "/{kind}/{ns}/{name}/archive/{file}",
                self.archive,
                "A whole revision as .zip or .tar.gz; large=pointers leaves large files out",
                audience="reader",
                returns="the bytes, made while they are sent",
                refuses=(RepoNotFound, RevisionNotFound, GatedRepo, NotFound, BadRequest),
            )
        ]

    def archive(self, call: Call) -> Response:
        file = call.params["file"]
        form = next((one for one in Format if file.endswith(one.value)), None)
        if form is None:
            raise NotFound("Archives end in .zip or .tar.gz.")
        large = call.one("large") or "content"
        if large not in ("content", "pointers"):
            raise BadRequest('"large" is content or pointers.')
        rev = file.removesuffix(form.value)
        found = self._archives.make(self._who(call), name_of(call), rev, form, pointers=large == "pointers")
        headers = {
            "content-type": form.media_type,
            "content-disposition": disposition(found.name, inline=False),
            "x-repo-commit": found.commit,
            "cache-control": "private, no-cache" if found.private else "no-cache",
            "vary": "authorization, cookie",
            "x-content-type-options": "nosniff",
        }
        return blocks_answer(call, found.blocks, headers)
