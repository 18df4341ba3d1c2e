"""The footer of Parquet files: schema, row groups, and where the columns lie. Pages are read by `parquet_pages`.

Source: the format's description, https://github.com/apache/parquet-format (README.md and parquet.thrift).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bearhug.formats.thrift import Compact, ThriftError, Value

MAGIC = b"PAR1"
LARGEST_FOOTER = 16 << 20
MOST_VALUES = 600_000
MOST_FIELDS = 20_000
DEEPEST = 30
LONGEST_NAME = 300
TYPES = ("boolean", "int32", "int64", "int96", "float", "double", "binary", "fixed")
CODECS = ("none", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw")
REPETITIONS = ("required", "optional", "repeated")
CONVERTED = {
    0: "string", 1: "map", 2: "map", 3: "list", 4: "enum", 5: "decimal", 6: "date", 7: "time[ms]", 8: "time[us]",
    9: "timestamp[ms]", 10: "timestamp[us]", 11: "uint8", 12: "uint16", 13: "uint32", 14: "uint64", 15: "int8",
    16: "int16", 17: "int32", 18: "int64", 19: "json", 20: "bson", 21: "interval",
}  # fmt: skip
LOGICAL = {1: "string", 2: "map", 3: "list", 4: "enum", 5: "decimal", 6: "date", 12: "json", 14: "uuid", 15: "float16"}
UNITS = {1: "ms", 2: "us", 3: "ns"}

Read = Callable[[int, int], bytes]


class ParquetError(ValueError):
    """The bytes are no Parquet file, or one that lies about itself."""


@dataclass
class Field:
    """A field of the schema: `kind` is its physical type (empty for groups), `label` what it means."""

    name: str
    kind: str
    label: str
    repetition: str
    width: int = 0
    scale: int = 0
    children: list["Field"] = field(default_factory=list)


@dataclass(frozen=True)
class Chunk:
    """One column of one row group: where its pages begin, how many bytes and values they are."""

    path: tuple[str, ...]
    codec: str
    start: int
    compressed: int
    uncompressed: int
    values: int


@dataclass(frozen=True)
class RowGroup:
    """A slice of the rows."""

    rows: int
    size: int
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Footer:
    """What a Parquet file says of itself."""

    rows: int
    made_by: str
    root: Field
    groups: tuple[RowGroup, ...]

    def leaves(self) -> Iterator[tuple[Field, ...]]:
        """Columns as the fields on the way to them."""
        yield from _leaves((), self.root.children)


def _leaves(above: tuple[Field, ...], fields: list[Field]) -> Iterator[tuple[Field, ...]]:
    for one in fields:
        if one.kind:
            yield (*above, one)
        else:
            yield from _leaves((*above, one), one.children)


def read_footer(read: Read, size: int) -> Footer:
    """Read and check the footer of a file of `size` bytes. Raises ParquetError."""
    tail = read(size - 8, 8) if size >= 12 else b""
    if tail[4:] != MAGIC:
        raise ParquetError("It does not end as a Parquet file does.")
    length = int.from_bytes(tail[:4], "little")
    if not 0 < length <= min(LARGEST_FOOTER, size - 12):
        raise ParquetError(f"A footer of {length} bytes does not fit.")
    try:
        data = Compact(read(size - 8 - length, length), most=MOST_VALUES).struct()
        root = _schema(_list(data, 2))
        groups = tuple(_group(item, size) for item in _list(data, 4))
    except (ThriftError, TypeError, IndexError, AttributeError) as error:
        raise ParquetError("The footer cannot be read.") from error
    return Footer(_int(data, 3), _text(data, 6), root, groups)


def _schema(items: list[Value]) -> Field:
    """The tree from its list: each group is followed by its children."""
    if not 0 < len(items) <= MOST_FIELDS:
        raise ParquetError("The schema has no fields, or too many.")
    queue = iter(items)
    root, left = _field(next(queue), deep=0)
    stack = [(root, left)]
    for item in queue:
        while stack and stack[-1][1] == 0:
            stack.pop()
        if not stack or len(stack) > DEEPEST:
            raise ParquetError("The schema does not make a tree, or a very deep one.")
        parent, count = stack.pop()
        stack.append((parent, count - 1))
        one, children = _field(item, deep=len(stack))
        parent.children.append(one)
        if children:
            stack.append((one, children))
    return root


def _field(item: Value, *, deep: int) -> tuple[Field, int]:
    data = _struct(item)
    children = _int(data, 5)
    kind = "" if children or deep == 0 else _named(TYPES, _int(data, 1))
    repetition = _named(REPETITIONS, _int(data, 3))
    made = Field(_text(data, 4), kind, _label(data, kind), repetition, _int(data, 2), _int(data, 7))
    return made, children


def _label(data: dict[int, Value], kind: str) -> str:
    """What the values mean, for readers and for the decoding."""
    logical = data.get(10)
    if isinstance(logical, dict) and logical:
        number, detail = next(iter(logical.items()))
        if number in LOGICAL:
            return LOGICAL[number]
        if number in (7, 8) and isinstance(detail, dict):
            unit = detail.get(2)
            name = UNITS.get(next(iter(unit), 0), "") if isinstance(unit, dict) else ""
            return f"{'time' if number == 7 else 'timestamp'}[{name}]" if name else kind
        if number == 10 and isinstance(detail, dict):
            return f"{'int' if detail.get(2) else 'uint'}{_int(detail, 1)}"
    return CONVERTED.get(_int(data, 6, -1), kind)


def _group(item: Value, size: int) -> RowGroup:
    data = _struct(item)
    chunks = tuple(_chunk(_struct(_struct(one)[3]), size) for one in _list(data, 1) if 3 in _struct(one))
    return RowGroup(_int(data, 3), sum(chunk.compressed for chunk in chunks), chunks)


def _chunk(data: dict[int, Value], size: int) -> Chunk:
    path = tuple(part.decode("utf-8", "replace")[:LONGEST_NAME] for part in _list(data, 3) if isinstance(part, bytes))
    starts = [place for place in (_int(data, 9), _int(data, 11)) if place > 0]
    start, length = min(starts, default=0), _int(data, 7)
    if not 0 <= start <= size or not 0 <= length <= size - start:
        raise ParquetError("A column lies outside of the file.")
    return Chunk(path, _named(CODECS, _int(data, 4)), start, length, _int(data, 6), _int(data, 5))


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else "unknown"


def _struct(value: Value) -> dict[int, Value]:
    if not isinstance(value, dict):
        raise ParquetError("The footer holds something else than it should.")
    return value


def _list(data: dict[int, Value], number: int) -> list[Value]:
    value = data.get(number, [])
    return value if isinstance(value, list) else []


def _int(data: dict[int, Value], number: int, default: int = 0) -> int:
    value = data.get(number, default)
    return value if isinstance(value, int) else default


def _text(data: dict[int, Value], number: int) -> str:
    value = data.get(number, b"")
    return value.decode("utf-8", "replace")[:LONGEST_NAME] if isinstance(value, bytes) else ""
