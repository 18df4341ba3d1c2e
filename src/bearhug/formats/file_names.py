"""File names of git as text: of those that are no UTF-8, each byte that is none is spelled U+FFFD and two digits.

Within the hub such bytes are lone surrogates, as Python's `surrogateescape` makes them. They cannot leave it: neither
JSON nor addresses can hold them. What is spelled can be read by people, sent by clients, and found again.
"""

import re

_BYTE = re.compile("[\udc80-\udcff]")
_SPELLED = re.compile("\ufffd([89A-F][0-9A-F])")


def spelled(name: str) -> str:
    """The name without surrogates: `"caf\\udce9"` becomes `"caf\\ufffdE9"`."""
    return name if name.isascii() else _BYTE.sub(lambda found: f"\ufffd{ord(found[0]) - 0xDC00:02X}", name)


def meant(name: str) -> str:
    """The name that was spelled; others stay as they are."""
    return _SPELLED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name) if "\ufffd" in name else name


def encoded(text: str) -> bytes:
    """UTF-8 of a text that may hold names of git."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return spelled(text).encode(errors="replace")
