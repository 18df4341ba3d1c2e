"""Create, delete, move and configure repositories."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, GatedRepo, RepoNotFound
from bearhug.base.http.answers import json_answer, next_link, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.access.who import Who
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import RepoExists, Repos
from bearhug.hub.repos.wire import (
    created_answer,
    full_name,
    kind_of,
    name_of,
    new_repo,
    settings_row,
    wanted_gate,
    wants_private,
)

PAGE = 500


class ReposApi:
    """The JSON endpoints of repositories themselves."""

    def __init__(self, repos: Repos, who: Who) -> None:
        self._repos = repos
        self._who = who

    def rows(self) -> list[Row]:
        one = "/api/{types}/{ns}/{name}"
        return [
            Row(
                "POST",
                "/api/repos/create",
                self.create,
                "Create a repository",
                audience="user",
                body="json",
                returns="{url, name, id}; where it exists 409 with its url",
                refuses=(BadRequest, Conflict, Forbidden),
            ),
            Row(
                "DELETE",
                "/api/repos/delete",
                self.delete,
                "Delete a repository",
                audience="owner",
                body="json",
                refuses=(RepoNotFound, Forbidden),
            ),
            Row(
                "POST",
                "/api/repos/move",
                self.move,
                "Rename or transfer a repository; the old name redirects",
                audience="owner",
                body="json",
                refuses=(RepoNotFound, Conflict, Forbidden),
            ),
            Row(
                "PUT",
                f"{one}/settings",
                self.settings,
                "Change visibility, gating and switches",
                audience="owner",
                body="json",
                refuses=(RepoNotFound, Forbidden, BadRequest),
            ),
            Row(
                "GET",
                f"{one}/auth-check",
                self.auth_check,
                "Whether the caller may read",
                audience="reader",
                refuses=(RepoNotFound, GatedRepo),
            ),
            Row(
                "GET",
                f"{one}/auth-check/write",
                self.auth_check_write,
                "Whether the caller may write",
                audience="writer",
                refuses=(RepoNotFound, Forbidden),
            ),
            Row(
                "GET",
                "/api/settings/repositories",
                self.mine,
                "The caller's repositories with their storage",
                audience="user",
                returns="[{id, type, updatedAt, visibility, storage}]",
            ),
            Row(
                "GET",
                "/api/organizations/{org}/settings/repositories",
                self.of_org,
                "An organisation's repositories with their storage",
                audience="user",
                returns="[{id, type, updatedAt, visibility, storage}]",
            ),
            *self._rows_without_owner(),
        ]

    def _rows_without_owner(self) -> list[Row]:
        """Names of one word, as old tutorials write them; asked for last, so that they hide nothing."""
        summary = "A name without an owner: no repository of this hub has one"
        paths = ("/api/{types}/{name}", "/api/{types}/{name}/revision/{rev}", "/{kind}/{name}/resolve/{rev}/{path*}")
        return [Row("GET", path, self.without_owner, summary, refuses=(RepoNotFound,)) for path in paths]

    def without_owner(self, call: Call) -> Response:
        """What clients turn into "repository not found", with a hint."""
        name = call.params["name"][:96]
        raise RepoNotFound(
            f'Repository not found: this hub writes names as "owner/name", and "{name}" has no owner.',
            anonymous=self._who(call).is_anonymous,
        )

    def create(self, call: Call) -> Response:
        actor = self._who(call)
        try:
            repo = self._repos.create(actor, new_repo(call.json()))
        except RepoExists as exists:
            raise RepoExists(exists.repo, call.base_url) from exists
        return json_answer(created_answer(repo, call.base_url))

    def delete(self, call: Call) -> Response:
        data = call.json()
        actor = self._who(call)
        kind = kind_of(data)
        name = str(data.get("name") or "")
        owner = data.get("organization") or actor.name
        target = full_name(name if "/" in name else f"{owner}/{name}", kind)
        self._repos.delete(actor, target)
        return ok()

    def move(self, call: Call) -> Response:
        data = call.json()
        kind = kind_of(data)
        source, target = full_name(data.get("fromRepo"), kind), full_name(data.get("toRepo"), kind)
        repo = self._repos.move(self._who(call), source, target)
        return json_answer(created_answer(repo, call.base_url))

    def settings(self, call: Call) -> Response:
        data = call.json()
        gate = wanted_gate(data)
        if gate is not None and not isinstance(gate, str):
            raise BadRequest('"gated" must be "auto", "manual" or false.')
        repo = self._repos.change_settings(
            self._who(call),
            name_of(call),
            private=wants_private(data),
            gated=gate,
            disabled=_switch(data.get("disabled")),
            discussions_disabled=_switch(data.get("discussionsDisabled")),
        )
        return json_answer({"private": repo.private, "gated": repo.gated or False, "disabled": repo.disabled})

    def auth_check(self, call: Call) -> Response:
        return self._check(call, name_of(call), Level.READ)

    def auth_check_write(self, call: Call) -> Response:
        return self._check(call, name_of(call), Level.WRITE)

    def _check(self, call: Call, name: RepoName, level: Level) -> Response:
        actor = self._who(call)
        with self._repos.db.reading() as tx:
            self._repos.open(tx, actor, name, level)
        return ok()

    def mine(self, call: Call) -> Response:
        actor = self._who(call)
        return self._owned(call, actor.name)

    def of_org(self, call: Call) -> Response:
        return self._owned(call, call.params["org"])

    def _owned(self, call: Call, owner: str) -> Response:
        after = call.place("cursor")
        limit = call.number("limit", PAGE, most=PAGE) or PAGE
        found = self._repos.owned(self._who(call), owner, after=after, limit=limit)
        cursor = str(found[-1].id) if len(found) == limit else None
        return json_answer([settings_row(repo) for repo in found], headers=next_link(call, cursor))


def _switch(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadRequest("A switch is true or false.")
