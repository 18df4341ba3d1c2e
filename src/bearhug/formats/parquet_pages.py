"""The first values of Parquet columns: pages unpacked into bounded buffers, levels and values decoded.

Source: https://github.com/apache/parquet-format (README.md, Encodings.md, Compression.md).
"""

import zlib
from dataclasses import dataclass

import cramjam

from bearhug.formats.parquet import Chunk, Field, ParquetError, Read
from bearhug.formats.parquet_values import Scalar, hybrid, plain
from bearhug.formats.thrift import Compact, ThriftError

LARGEST_PAGE = 8 << 20
"""Bytes of a page, packed or not."""
HEADER = 64 * 1024
DATA, _INDEX, DICTIONARY, DATA_V2 = range(4)
PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY = 0, 2, 3, 8
MOST_PAGES = 8


class Budget:
    """Bytes that a whole look into a file may still unpack."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> None:
        if not 0 <= count <= LARGEST_PAGE or count > self.left:
            raise ParquetError("The page is larger than can be shown.")
        self.left -= count


@dataclass(frozen=True)
class Column:
    """The first values of a column with their levels (Dremel's repetition and definition)."""

    repetitions: list[int]
    definitions: list[int]
    values: list[Scalar]


@dataclass(frozen=True)
class Levels:
    """The greatest levels of a column, from the fields on the way to it."""

    repetition: int
    definition: int

    @classmethod
    def of(cls, path: tuple[Field, ...]) -> "Levels":
        repeated = sum(one.repetition == "repeated" for one in path)
        return cls(repeated, sum(one.repetition != "required" for one in path))


def first_values(read: Read, chunk: Chunk, path: tuple[Field, ...], rows: int, budget: Budget) -> Column:
    """Values of at least the first `rows` rows, or of the first pages. Raises ParquetError."""
    levels, column = Levels.of(path), Column([], [], [])
    known: list[Scalar] = []
    at, end = chunk.start, chunk.start + chunk.compressed
    for _ in range(MOST_PAGES):
        if at >= end or column.repetitions.count(0) > rows or len(column.repetitions) >= chunk.values:
            break
        page = _page(read, at, end, chunk.codec, budget)
        at = page.end
        if page.kind == DICTIONARY:
            known = plain(page.body, path[-1], page.count)
        elif page.kind in (DATA, DATA_V2):
            _add(column, page, path[-1], levels, known, rows + 1)
    return column


@dataclass(frozen=True)
class _Page:
    kind: int
    count: int
    encoding: int
    body: bytes
    levels: tuple[bytes, bytes] | None
    end: int


def _page(read: Read, at: int, end: int, codec: str, budget: Budget) -> _Page:
    """The page whose header begins at `at`."""
    try:
        reading = Compact(read(at, min(HEADER, end - at)), most=2000)
        head = reading.struct()
    except ThriftError as error:
        raise ParquetError("The header of a page cannot be read.") from error
    kind, whole, packed = (_whole(head.get(number)) for number in (1, 2, 3))
    start = at + reading.at
    budget.take(max(whole, packed))
    if packed > end - start:
        raise ParquetError("A page lies outside of its column.")
    data = read(start, packed)
    details = head.get({DATA: 5, DICTIONARY: 7, DATA_V2: 8}.get(kind, 0))
    facts = details if isinstance(details, dict) else {}
    if kind == DATA_V2:
        repetition, definition = _whole(facts.get(6)), _whole(facts.get(5))
        if repetition + definition > packed:
            raise ParquetError("The levels of a page do not fit.")
        cut = (data[:repetition], data[repetition : repetition + definition])
        body, room = data[repetition + definition :], whole - repetition - definition
        body = _unpacked(body, room, codec if facts.get(7, True) else "none")
        return _Page(kind, _whole(facts.get(1)), _whole(facts.get(4)), body, cut, start + packed)
    body = _unpacked(data, whole, codec) if kind in (DATA, DICTIONARY) else b""
    return _Page(kind, _whole(facts.get(1)), _whole(facts.get(2)), body, None, start + packed)


def _whole(value: object) -> int:
    if isinstance(value, int) and 0 <= value < 1 << 31:
        return value
    if value is None:
        return 0
    raise ParquetError("A length of a page is none.")


def _unpacked(data: bytes, size: int, codec: str) -> bytes:
    """The bytes behind a codec, in a buffer of the announced size, which the budget has allowed."""
    if codec == "none" or not data:
        return data
    try:
        if codec == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, size)
        room = bytearray(size)
        count = {
            "snappy": cramjam.snappy.decompress_raw_into,
            "zstd": cramjam.zstd.decompress_into,
            "brotli": cramjam.brotli.decompress_into,
            "lz4_raw": cramjam.lz4.decompress_block_into,
        }[codec](data, room)
    except KeyError as error:
        raise ParquetError(f"Pages packed by {codec} cannot be shown.") from error
    except (cramjam.DecompressionError, zlib.error, ValueError) as error:
        raise ParquetError("A page cannot be unpacked.") from error
    return bytes(room[:count])


def _add(column: Column, page: _Page, leaf: Field, levels: Levels, known: list[Scalar], wanted: int) -> None:
    """Levels and values of a data page; where no lists are, only as many as are wanted."""
    body, count = page.body, page.count if levels.repetition else min(page.count, wanted)
    if count > LARGEST_PAGE:
        raise ParquetError("A page has too many values.")
    if page.levels is not None:
        repetitions = hybrid(page.levels[0], levels.repetition.bit_length(), count)
        definitions = hybrid(page.levels[1], levels.definition.bit_length(), count)
    else:
        repetitions, body = _levels(body, levels.repetition, count)
        definitions, body = _levels(body, levels.definition, count)
    definitions = definitions or [levels.definition] * count
    present = definitions.count(levels.definition)
    column.repetitions.extend(repetitions or [0] * count)
    column.definitions.extend(definitions)
    column.values.extend(_values(page.encoding, body, leaf, present, known))


def _levels(body: bytes, most: int, count: int) -> tuple[list[int], bytes]:
    """Levels of the first version of data pages, which begin with their length."""
    if not most:
        return [], body
    length = int.from_bytes(body[:4], "little")
    return hybrid(body[4 : 4 + length], most.bit_length(), count), body[4 + length :]


def _values(encoding: int, body: bytes, leaf: Field, count: int, known: list[Scalar]) -> list[Scalar]:
    if encoding in (PLAIN_DICTIONARY, RLE_DICTIONARY):
        width = body[0] if body else 0
        if width > 32:
            raise ParquetError("An index of a dictionary is too wide.")
        places = hybrid(body[1:], width, count) if width else [0] * count
        try:
            return [known[place] for place in places]
        except IndexError as error:
            raise ParquetError("A value is not in the dictionary.") from error
    if encoding == PLAIN:
        return plain(body, leaf, count)
    if encoding == RLE and leaf.kind == "boolean":
        return [bool(bit) for bit in hybrid(body[4:], 1, count)]
    raise ParquetError("The column is encoded in a way that cannot be shown.")
