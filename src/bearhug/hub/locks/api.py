"""The locking API of git-lfs."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import Conflict, Forbidden, HubError, NotFound, RepoNotFound, Unauthenticated, Unprocessable
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Answer, Body, Row
from bearhug.hub.access.who import Who
from bearhug.hub.lfs.api import in_lfs_words
from bearhug.hub.lfs.wire import lfs_answer, lfs_body
from bearhug.hub.locks import wire
from bearhug.hub.locks.service import AlreadyLocked, Locks
from bearhug.hub.repos.wire import name_of


class LocksApi:
    """Taking, listing and releasing locks."""

    def __init__(self, locks: Locks, who: Who) -> None:
        self._locks = locks
        self._who = who

    def rows(self) -> list[Row]:
        return [
            _row("POST", "", self.create, "Lock a file", "json", "{lock}, or 409 with the lock that is there"),
            _row("GET", "", self.listing, "Locks of a repository", "none", "{locks, next_cursor}"),
            _row("POST", "/verify", self.verify, "Locks before a push", "json", "{ours, theirs, next_cursor}"),
            _row("POST", "/{id}/unlock", self.release, "Release a lock", "json", "{lock}"),
        ]

    def create(self, call: Call) -> Response:
        path, ref = wire.new_lock(call)
        try:
            lock = self._locks.create(self._who(call), name_of(call), path, ref)
        except AlreadyLocked as error:
            held = {"lock": wire.lock_json(error.lock), "message": error.message}
            return lfs_answer(held, status=error.http_status)
        return lfs_answer({"lock": wire.lock_json(lock)}, status=201)

    def listing(self, call: Call) -> Response:
        actor, name = self._who(call), name_of(call)
        path, number = call.one("path"), call.one("id")
        if path or number:
            found = self._locks.find(actor, name, path=path, lock_id=wire.lock_id(number) if number else None)
            return lfs_answer({"locks": [wire.lock_json(lock) for lock in found]})
        after, limit = wire.cursor(call.one("cursor")), wire.limit(call.one("limit"))
        page = self._locks.page(actor, name, after=after, limit=limit)
        return lfs_answer({"locks": [wire.lock_json(lock) for lock in page.locks], **_next(page.next_cursor)})

    def verify(self, call: Call) -> Response:
        actor, data = self._who(call), lfs_body(call)
        after, limit = wire.cursor(data.get("cursor")), wire.limit(data.get("limit"))
        page = self._locks.page(actor, name_of(call), after=after, limit=limit, writing=True)
        sides: dict[str, Any] = {"ours": [], "theirs": []}
        for lock in page.locks:
            sides["ours" if lock.owner_id == actor.user_id else "theirs"].append(wire.lock_json(lock))
        return lfs_answer({**sides, **_next(page.next_cursor)})

    def release(self, call: Call) -> Response:
        number = wire.lock_id(call.params["id"])
        lock = self._locks.release(self._who(call), name_of(call), number, force=wire.force(call))
        return lfs_answer({"lock": wire.lock_json(lock)})


def _next(cursor: int | None) -> dict[str, str]:
    return {} if cursor is None else {"next_cursor": str(cursor)}


def _row(method: str, path: str, answer: Answer, summary: str, body: Body, returns: str) -> Row:
    refuses: tuple[type[HubError], ...] = (RepoNotFound, Unauthenticated, Forbidden, NotFound, Conflict, Unprocessable)
    return Row(
        method,
        "/{kind}/{ns}/{name}/info/lfs/locks" + path,
        in_lfs_words(answer),
        f"{summary} (git-lfs)",
        audience="reader" if method == "GET" else "writer",
        body=body,
        returns=returns,
        refuses=refuses,
    )
