"""Endpoints for programs that sign in: ask for a device code, poll for tokens, refresh them."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, TooManyRequests
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.oauth import wire
from bearhug.hub.oauth.records import Pair, Refusal
from bearhug.hub.oauth.service import Devices, OAuthRefusal, shown

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH = "refresh_token"
UNKEPT = {"cache-control": "no-store"}


class OAuthApi:
    """The token endpoint and the device authorization endpoint."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices

    def rows(self) -> list[Row]:
        return [
            Row(
                "POST",
                "/oauth/device",
                self.ask,
                "A device code for a program: {client_id}",
                body="form",
                returns="{device_code, user_code, verification_uri, verification_uri_complete, interval, expires_in}",
                refuses=(BadRequest, TooManyRequests),
            ),
            Row(
                "POST",
                "/oauth/token",
                self.token,
                "Tokens for an approved device code or for a refresh token",
                body="form",
                returns="{access_token, refresh_token, token_type, expires_in}",
                refuses=(BadRequest,),
            ),
        ]

    def ask(self, call: Call) -> Response:
        asked = self._devices.ask(wire.form_of(call).get("client_id", ""), call.client_ip)
        answer = wire.asked_answer(asked, shown(asked.user_code), call.base_url)
        return json_answer(answer, headers=UNKEPT)

    def token(self, call: Call) -> Response:
        return json_answer(wire.pair_answer(self._pair(wire.form_of(call))), headers=UNKEPT)

    def _pair(self, form: dict[str, str]) -> Pair:
        client_id = form.get("client_id", "")
        if form.get("grant_type") == DEVICE_CODE:
            return self._devices.poll(client_id, form.get("device_code", ""))
        if form.get("grant_type") == REFRESH:
            return self._devices.refresh(client_id, form.get("refresh_token", ""))
        raise OAuthRefusal(Refusal.UNSUPPORTED, "This hub knows device codes and refresh tokens.")
