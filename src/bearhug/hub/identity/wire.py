"""Credentials as clients send them: Bearer, Basic, or the session cookie."""

import base64
import binascii

from bearhug.base.errors import Unauthenticated
from bearhug.base.http.call import Call
from bearhug.hub.identity.records import INVALID, Credentials, Means
from bearhug.hub.sessions.wire import session_secret

LONGEST = 2048


def credentials(call: Call) -> Credentials:
    """What the call shows; the header wins over the cookie."""
    header = call.header("authorization")
    if header:
        return _from_header(header, call.client_ip)
    cookie = session_secret(call)
    if cookie:
        return Credentials(Means.SESSION, cookie, ip=call.client_ip)
    return Credentials(ip=call.client_ip)


def _from_header(header: str, ip: str) -> Credentials:
    scheme, _, value = header.partition(" ")
    value = value.strip()
    if len(value) <= LONGEST:
        if scheme.lower() == "bearer":
            return Credentials(Means.TOKEN, value, ip=ip)
        if scheme.lower() == "basic":
            return _from_basic(value, ip)
    raise Unauthenticated(INVALID)


def _from_basic(value: str, ip: str) -> Credentials:
    """git sends user name and password; the password may be a token, and then the name does not matter."""
    try:
        name, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated(INVALID) from error
    if not colon:
        raise Unauthenticated(INVALID)
    if secret.startswith("hf_"):
        return Credentials(Means.TOKEN, secret, ip=ip)
    if not secret and name.startswith("hf_"):
        return Credentials(Means.TOKEN, name, ip=ip)
    return Credentials(Means.PASSWORD, secret, name, ip)
