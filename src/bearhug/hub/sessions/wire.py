"""The session cookie."""

from starlette.responses import Response

from bearhug.base.http.call import Call

COOKIE = "bearhug_session"
LONGEST = 512


def session_secret(call: Call) -> str:
    """The secret of the session that the browser is in; empty when there is none."""
    secret = call.request.cookies.get(COOKIE, "")
    return secret if len(secret) <= LONGEST else ""


def keep(answer: Response, call: Call, secret: str, *, days: int) -> None:
    """Tell the browser its session; scripts cannot read it and other sites cannot send it with their forms."""
    secure = call.base_url.startswith("https://")
    answer.set_cookie(COOKIE, secret, max_age=days * 86400, httponly=True, samesite="lax", secure=secure)


def forget(answer: Response) -> None:
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
