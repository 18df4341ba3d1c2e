"""Pictures that people send of themselves: read with limits, made small and square, nothing cut off."""

from hashlib import sha256
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps, UnidentifiedImageError

from bearhug.base.errors import BadRequest
from bearhug.hub.accounts.records import Avatar

SIDE = 256
MOST_PIXELS = 24_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 88
_ROOM = BoundedSemaphore(2)
"""A picture at the limit takes about 100 MB while it is made small."""


def square(content: bytes) -> Avatar:
    """A WebP of 256 x 256; only raster formats, told by their bytes. The size is known before a pixel is unpacked."""
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")):
        raise BadRequest("A picture is a PNG, JPEG, WebP or GIF file.")
    with _ROOM:
        try:
            made = _made_small(content)
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
            raise BadRequest("This picture cannot be read.") from error
    return Avatar("image/webp", sha256(made).hexdigest(), made)


def _made_small(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            most = MOST_PIXELS // 1_000_000
            raise BadRequest(f"This picture has more than {most} megapixels. Make it smaller first.")
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # JPEG unpacks at a fraction of its size
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    whole = ImageOps.contain(upright, (SIDE, SIDE))
    canvas = Image.new("RGBA", (SIDE, SIDE))
    canvas.paste(whole, ((SIDE - whole.width) // 2, (SIDE - whole.height) // 2))
    written = BytesIO()
    canvas.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
