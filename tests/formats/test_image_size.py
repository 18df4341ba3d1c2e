"""How large pictures say that they are."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.image_size import image_size

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 12, 34)
BMP = b"BM" + bytes(16) + struct.pack("<ii", 5, -6)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 30, 40) + bytes(6)
WEBP = b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + (99).to_bytes(3, "little") + (49).to_bytes(3, "little")
LOSSLESS = b"RIFF" + bytes(4) + b"WEBPVP8L" + bytes(5) + (9 | 19 << 14).to_bytes(4, "little") + bytes(5)


@pytest.mark.parametrize(
    ("start", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (12, 34)),
        (BMP, (5, 6)),
        (JPEG, (40, 30)),
        (WEBP, (100, 50)),
        (LOSSLESS, (10, 20)),
        (b"<svg/>", None),
        (b"", None),
        (b"\xff\xd8\xff\xe0\x00\x00", None),
    ],
)
def test_width_and_height_come_from_the_first_bytes(start: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(start) == size


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"\xff\xd8", b"RIFFxxxxWEBPVP8 "]), st.binary(max_size=60)
)
def test_nothing_that_follows_breaks_the_reading(head: bytes, rest: bytes) -> None:
    image_size(head + rest)
