"""Width and height of pictures from their first bytes: PNG, GIF, WebP, BMP and JPEG.

Sources: the format descriptions (PNG 11.2.2, GIF89a 18, RIFF container of WebP, ITU T.81 B.2.2).
"""

FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of JPEG segments that say how large the picture is."""


def image_size(start: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels as the first bytes of a file say; None where they do not say it."""
    if start.startswith(b"\x89PNG\r\n\x1a\n") and len(start) >= 24:
        return _big(start[16:20]), _big(start[20:24])
    if start[:6] in (b"GIF87a", b"GIF89a") and len(start) >= 10:
        return _little(start[6:8]), _little(start[8:10])
    if start[:2] == b"BM" and len(start) >= 26:
        return _little(start[18:22]), abs(int.from_bytes(start[22:26], "little", signed=True))
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP" and len(start) >= 30:
        return _webp(start)
    return _jpeg(start) if start[:2] == b"\xff\xd8" else None


def _webp(start: bytes) -> tuple[int, int] | None:
    match start[12:16]:
        case b"VP8X":
            return _little(start[24:27]) + 1, _little(start[27:30]) + 1
        case b"VP8L":
            bits = _little(start[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(start[26:28]) & 0x3FFF, _little(start[28:30]) & 0x3FFF
    return None


def _jpeg(start: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(start) and start[at] == 0xFF:
        marker, length = start[at + 1], _big(start[at + 2 : at + 4])
        if marker in FRAMES:
            return _big(start[at + 7 : at + 9]), _big(start[at + 5 : at + 7])
        if length < 2:
            return None
        at += 2 + length
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
