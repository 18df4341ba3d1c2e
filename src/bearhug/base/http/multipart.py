"""Forms that carry files (multipart/form-data), out of a body that is in memory already and therefore bounded."""

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call

MOST_PARTS = 200


@dataclass
class Part:
    """One field: its name, the name of its file if it is one, and its bytes."""

    name: str = ""
    file: str | None = None
    content: bytearray = field(default_factory=bytearray)


def parts(call: Call) -> list[Part]:
    """The fields in order; `BadRequest` when the body is no such form."""
    kind, options = parse_options_header(call.header("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise BadRequest("The body is not a form with files.")
    reading = _Reading()
    try:
        parser = MultipartParser(boundary, reading.callbacks())  # type: ignore[arg-type]
        parser.write(call.content)
        parser.finalize()
    except FormParserError as error:
        raise BadRequest("The body is not a valid form.") from error
    return reading.found


def text_of(found: list[Part], name: str) -> str:
    """The first field of that name, as text."""
    for part in found:
        if part.name == name and part.file is None:
            return part.content.decode("utf-8", "replace")
    return ""


def file_of(found: list[Part], name: str) -> bytes:
    """The bytes of the first file of that name; none when none was chosen."""
    for part in found:
        if part.name == name and part.file is not None:
            return bytes(part.content)
    return b""


class _Reading:
    """What the parser has told so far."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self._header = bytearray()
        self._value = bytearray()

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": lambda data, start, end: self.found[-1].content.extend(data[start:end]),
        }

    def _begin(self) -> None:
        if len(self.found) == MOST_PARTS:
            raise BadRequest("The form has too many fields.")
        self.found.append(Part())

    def _end_header(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            part = self.found[-1]
            part.name = options.get(b"name", b"").decode("utf-8", "replace")
            named = options.get(b"filename")
            part.file = named.decode("utf-8", "replace") if named is not None else None
        self._header.clear()
        self._value.clear()
