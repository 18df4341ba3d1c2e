"""A picture that was sent and what became of it."""

import base64
from dataclasses import dataclass
from pathlib import PurePosixPath

SHOWN = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")
LARGEST_SHOWN = 2 << 20
LONGEST_NAME = 150


@dataclass(frozen=True)
class Sent:
    """A picture as it came: the name that the sender gave it, its kind, its bytes."""

    name: str
    kind: str
    data: bytes

    @property
    def cut_name(self) -> str:
        """The name of the picture made of it."""
        last = PurePosixPath(self.name.replace("\\", "/")).name
        stem = "".join(sign for sign in last.rpartition(".")[0] or last if sign.isprintable())
        return f"{stem[:LONGEST_NAME] or 'picture'}-cutout.png"


@dataclass(frozen=True)
class Cut:
    """What came of a picture: a PNG, or the reason why not."""

    sent: Sent
    png: bytes = b""
    error: str = ""

    @property
    def before(self) -> str | None:
        """The picture as it came, for pages; None where it is too large or of a kind that browsers do not show."""
        if self.sent.kind not in SHOWN or len(self.sent.data) > LARGEST_SHOWN:
            return None
        return f"data:{self.sent.kind};base64,{base64.b64encode(self.sent.data).decode()}"

    @property
    def after(self) -> str:
        """The PNG, for pages."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"
