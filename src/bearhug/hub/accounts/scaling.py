"""Pillow at work; imported when the first picture arrives, so that the hub starts without it."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from bearhug.base.errors import BadRequest

SIDE = 256
MOST_PIXELS = 24_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 88


def squared(content: bytes) -> bytes:
    """A WebP of 256 x 256 with nothing cut off. The size is known before a pixel is unpacked."""
    try:
        return _made_small(content)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise BadRequest("This picture cannot be read.") from error


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
