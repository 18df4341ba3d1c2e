"""Pictures, sound and films: the browser shows them, from an address whose answers may run nothing."""

from dataclasses import dataclass

from bearhug.formats.image_size import image_size
from bearhug.hub.previews.records import Sight, Unreadable

LARGEST_PICTURE = 32_000_000
MOST_PIXELS = 100_000_000
HEAD = 64 * 1024


@dataclass(frozen=True)
class Media:
    """`size` is (width, height) where the file says it; `heavy` ones are loaded only when somebody wants them."""

    source: str
    size: tuple[int, int] | None = None
    heavy: bool = False


def picture(sight: Sight) -> Media:
    """A picture; what would fill a browser's memory waits for a click."""
    size = image_size(sight.start(HEAD))
    heavy = sight.size > LARGEST_PICTURE or (size is not None and size[0] * size[1] > MOST_PIXELS)
    return Media(sight.source, size, heavy)


def sound(sight: Sight) -> Media:
    """Sound or a film: players fetch the parts that they need."""
    return Media(sight.source)


def document(sight: Sight) -> Media:
    """A document that a frame of its own draws; it asks for the parts that it needs."""
    if not sight.start(1024).lstrip().startswith(b"%PDF-"):
        raise Unreadable("it is no PDF")
    return Media(sight.source)
