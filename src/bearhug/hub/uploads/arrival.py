"""A form with files as it arrives: parts go to the disk as they come, with a bound for everything."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from bearhug.base.errors import BadRequest, TooLarge
from bearhug.hub.uploads.records import Arrived, Words

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 1000
MOST_PARTS = MOST_FILES + 10
LONGEST_FIELD = 10_000
LONGEST_HEADER = 16 * 1024
SAMPLE = 512
FIELDS = ("summary", "description")


class Arrival:
    """Takes the body of a multipart form block by block. `write` is called in a thread, in order."""

    def __init__(self, content_type: str, folder: Path) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise BadRequest("Files come as multipart/form-data.")
        self._folder = folder
        self._parser = MultipartParser(options[b"boundary"], self._callbacks())
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = bytearray(), bytearray()
        self._parts = 0
        self._file: _File | None = None
        self._field = ""
        self._texts: dict[str, bytearray] = {name: bytearray() for name in FIELDS}
        self._ended = False
        self.files: list[Arrived] = []

    @property
    def words(self) -> Words:
        summary, description = (self._texts[name].decode("utf-8", "replace").strip() for name in FIELDS)
        return Words(summary, description)

    def write(self, block: bytes) -> None:
        try:
            self._parser.write(block)
        except MultipartParseError as error:
            raise BadRequest("The form is not well formed.") from error

    def finish(self) -> None:
        """The body is over; a form that was cut off is refused."""
        if not self._ended:
            raise BadRequest("The form was cut off before its end.")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    # what the parser calls ---------------------------------------------------------------------------------

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._grow(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self._grow(self._value, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._end_form,
        }

    def _begin(self) -> None:
        self._headers, self._field = {}, ""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooLarge(f"A form may bring at most {MOST_FILES} files. Use git or hf upload for more.")

    def _grow(self, held: bytearray, data: bytes) -> None:
        if len(held) + len(data) > LONGEST_HEADER:
            raise BadRequest("A header of the form is too long.")
        held += data

    def _end_header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name, self._value = bytearray(), bytearray()

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        file_name = options.get(b"filename")
        if file_name is None:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")
        elif file_name:
            if len(self.files) >= MOST_FILES:
                raise TooLarge(f"A form may bring at most {MOST_FILES} files. Use git or hf upload for more.")
            self._file = _File(_path(file_name), self._folder / str(self._parts))

    def _take(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
        elif self._field in self._texts:
            held = self._texts[self._field]
            if len(held) + len(data) > LONGEST_FIELD:
                raise TooLarge("A field of the form is too long.")
            held += data

    def _end(self) -> None:
        if self._file is not None:
            self.files.append(self._file.finish())
            self._file = None

    def _end_form(self) -> None:
        self._ended = True


class _File:
    """One file on its way to the disk."""

    def __init__(self, path: str, place: Path) -> None:
        self._path = path
        self._place = place
        self._out: BinaryIO = place.open("wb")
        self._hash = hashlib.sha256()
        self._sample = b""
        self._size = 0

    def write(self, data: bytes) -> None:
        if len(self._sample) < SAMPLE:
            self._sample += data[: SAMPLE - len(self._sample)]
        self._hash.update(data)
        self._size += len(data)
        self._out.write(data)

    def finish(self) -> Arrived:
        self.close()
        return Arrived(self._path, self._place, self._size, self._hash.hexdigest(), self._sample)

    def close(self) -> None:
        self._out.close()


def _path(name: bytes) -> str:
    """The name as the browser meant it: it writes quotes and line ends in the way of addresses."""
    text = name.decode("utf-8", "replace")
    for written, meant in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
        text = text.replace(written, meant)
    return text
