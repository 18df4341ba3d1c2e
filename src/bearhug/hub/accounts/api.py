"""Endpoints for one's own profile, and everybody's picture."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, Unauthenticated
from bearhug.base.http.answers import json_answer, not_modified, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.rules import own_account
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.accounts.wire import profile_of

LARGEST_PICTURE = 8 << 20
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class AccountsApi:
    """What people say of themselves."""

    def __init__(self, accounts: Accounts, who: Who) -> None:
        self._accounts = accounts
        self._who = who

    def rows(self) -> list[Row]:
        shut = (Unauthenticated, Forbidden, BadRequest)
        picture = "/api/settings/avatar"
        return [
            Row(
                "PUT",
                "/api/settings/profile",
                self.change_profile,
                "Change one's profile: {fullname, email, details, homepage, links}",
                audience="user",
                body="json",
                refuses=shut,
            ),
            Row(
                "PUT",
                picture,
                self.change_avatar,
                "Send a picture of oneself (PNG, JPEG, WebP or GIF, at most 8 MiB); it is made small and square",
                audience="user",
                body="bytes",
                limit=LARGEST_PICTURE,
                refuses=shut,
            ),
            Row("DELETE", picture, self.remove_avatar, "Back to the drawn picture", audience="user", refuses=shut),
            Row("GET", "/avatars/{name}", self.avatar, "The picture of a user or an organisation", returns="an image"),
        ]

    def change_profile(self, call: Call) -> Response:
        user_id, profile = own_account(self._who(call)), profile_of(call.json())
        with self._accounts.db.writing() as tx:
            owner = self._accounts.change_profile(tx, user_id, profile)
        return json_answer({"name": owner.name, "fullname": owner.fullname})

    def change_avatar(self, call: Call) -> Response:
        return self._set_avatar(call, call.content)

    def remove_avatar(self, call: Call) -> Response:
        return self._set_avatar(call, None)

    def _set_avatar(self, call: Call, content: bytes | None) -> Response:
        user_id = own_account(self._who(call))
        self._accounts.change_avatar(user_id, content)
        return ok()

    def avatar(self, call: Call) -> Response:
        avatar = self._accounts.avatar(call.params["name"])
        etag = f'"{avatar.digest[:32]}"'
        headers = {"etag": etag, "cache-control": "public, max-age=300", "content-security-policy": HARMLESS}
        if not_modified(call, etag):
            return Response(b"", 304, headers)
        return Response(avatar.content, 200, headers, avatar.media_type)
