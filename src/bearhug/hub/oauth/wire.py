"""Device codes and tokens as OAuth writes them."""

from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.hub.oauth.records import ACCESS_LIFE, CODE_LIFE, PAUSE, Asked, Pair

LONGEST = 1000


def form_of(call: Call) -> dict[str, str]:
    """The fields of an OAuth request: a form as the RFCs say, or JSON as some clients send it."""
    if call.header("content-type").partition(";")[0].strip().lower() == "application/json":
        fields = {name: value for name, value in call.json().items() if isinstance(value, str)}
    else:
        form = call.form()
        fields = {name: only(form, name) for name in form}
    if any(len(value) > LONGEST for value in fields.values()):
        raise BadRequest("invalid_request", error_description="A field is too long.")
    return fields


def asked_answer(asked: Asked, shown: str, base_url: str) -> dict[str, Any]:
    page = f"{base_url}/oauth/device"
    return {
        "device_code": asked.device_code,
        "user_code": shown,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={shown}",
        "expires_in": int(CODE_LIFE.total_seconds()),
        "interval": PAUSE,
    }


def pair_answer(pair: Pair) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "refresh_token": pair.refresh_token,
    }
