"""The async edge of commits: NDJSON of any length, a piece at a time."""

import anyio
from starlette.responses import Response

from bearhug.base.errors import BadRequest, TooLarge
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.formats.ndjson import Lines, LineTooLong
from bearhug.hub.access.who import Who
from bearhug.hub.commits import wire
from bearhug.hub.commits.service import Commits, Draft
from bearhug.hub.repos.wire import name_of

BASE64_GROWTH = 4 / 3
ROOM_FOR_NAMES = 64 * 1024


class CommitStream:
    """Receives a commit without holding its body."""

    def __init__(self, commits: Commits, who: Who) -> None:
        self._commits = commits
        self._who = who
        self._longest = int(commits.largest * BASE64_GROWTH) + ROOM_FOR_NAMES

    async def commit(self, call: Call) -> Response:
        draft = await anyio.to_thread.run_sync(self._begin, call)
        try:
            lines = Lines(self._longest)
            async for chunk in call.chunks():
                await anyio.to_thread.run_sync(self._feed, draft, lines, chunk)
            return await anyio.to_thread.run_sync(self._finish, draft, lines, call)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(draft.__exit__, None, None, None)

    def _begin(self, call: Call) -> Draft:
        if call.flag("create_pr"):
            raise BadRequest("This hub has no pull requests yet: commit to a branch, without create_pr.")
        return self._commits.begin(self._who(call), name_of(call), call.params["rev"])

    def _feed(self, draft: Draft, lines: Lines, chunk: bytes) -> None:
        try:
            for line in lines.feed(chunk):
                draft.add(wire.operation(line, largest=self._commits.largest))
        except LineTooLong as error:
            raise TooLarge(f"A line of the commit is longer than {self._longest} bytes.") from error

    def _finish(self, draft: Draft, lines: Lines, call: Call) -> Response:
        last = lines.rest()
        if last:
            draft.add(wire.operation(last, largest=self._commits.largest))
        done = draft.finish()
        return json_answer(wire.committed_json(done, f"{call.base_url}/{draft.repo.path}"))
