"""Pictures that people send of themselves: read with limits, made small and square."""

from hashlib import sha256
from threading import BoundedSemaphore

from bearhug.base.errors import BadRequest
from bearhug.hub.accounts.records import Avatar

_ROOM = BoundedSemaphore(2)
"""A picture at the limit takes about 100 MB while it is made small."""


def square(content: bytes) -> Avatar:
    """Only raster formats, told by their bytes and never by what somebody says."""
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")):
        raise BadRequest("A picture is a PNG, JPEG, WebP or GIF file.")
    from bearhug.hub.accounts import scaling

    with _ROOM:
        made = scaling.squared(content)
    return Avatar("image/webp", sha256(made).hexdigest(), made)
