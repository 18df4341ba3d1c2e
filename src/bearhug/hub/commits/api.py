"""Preupload and commit endpoints."""

from starlette.responses import Response

from bearhug.base.errors import (
    BadRequest,
    EntryNotFound,
    Forbidden,
    RepoNotFound,
    RevisionNotFound,
    StaleParent,
    StorageFull,
    TooLarge,
    Unprocessable,
)
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import MIB, Row
from bearhug.hub.access.who import Who
from bearhug.hub.commits import wire
from bearhug.hub.commits.service import Commits
from bearhug.hub.commits.stream import CommitStream
from bearhug.hub.repos.wire import name_of


class CommitsApi:
    """`preupload` answers in a thread, `commit` streams."""

    def __init__(self, commits: Commits, who: Who) -> None:
        self._commits = commits
        self._who = who
        self._stream = CommitStream(commits, who)

    def rows(self) -> list[Row]:
        one = "/api/{types}/{ns}/{name}"
        return [
            Row(
                "POST",
                f"{one}/preupload/{{rev}}",
                self.preupload,
                "How to send files: regular or lfs, ignored, already there",
                audience="writer",
                body="json",
                limit=16 * MIB,
                returns="{files: [{path, uploadMode, shouldIgnore, oid, blockedBy}]}",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden, BadRequest, Unprocessable, StorageFull),
            ),
            Row(
                "POST",
                f"{one}/commit/{{rev}}",
                None,
                "Commit files to a branch",
                audience="writer",
                body="ndjson",
                stream=self._stream.commit,
                returns="{success, commitOid, commitUrl}",
                refuses=(
                    RepoNotFound,
                    RevisionNotFound,
                    EntryNotFound,
                    Forbidden,
                    BadRequest,
                    StaleParent,
                    TooLarge,
                    Unprocessable,
                ),
            ),
        ]

    def preupload(self, call: Call) -> Response:
        data = call.json()
        rules = {
            key: data.get(key) if isinstance(data.get(key), str) else None for key in ("gitIgnore", "gitAttributes")
        }
        answers = self._commits.preupload(self._who(call), name_of(call), call.params["rev"], wire.uploads(data), rules)
        return json_answer({"files": [wire.upload_json(answer) for answer in answers]})
