"""Whether a call came from a page of this hub."""

from urllib.parse import urlsplit

from bearhug.base.http.call import Call


def is_same_origin(call: Call) -> bool:
    """True too for clients that are no browsers: those send neither of the headers, and no cookies by themselves."""
    site = call.header("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    origin = call.header("origin")
    if not origin:
        return True
    return urlsplit(origin).netloc.lower() in (urlsplit(call.base_url).netloc.lower(), call.header("host").lower())


def local_path(wanted: str, default: str = "/") -> str:
    """An address to go on to, only if it lies on this hub."""
    harmless = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if not harmless or len(wanted) > 2000 or any(ord(letter) < 33 for letter in wanted):
        return default
    return wanted
