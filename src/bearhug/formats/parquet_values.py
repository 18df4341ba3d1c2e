"""Values of Parquet columns: runs of small numbers, plain values, and what they mean."""

import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bearhug.formats.parquet import Field, ParquetError

Scalar = bool | int | float | str | bytes | None

LONGEST_VALUE = 16 << 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
FORMATS = {"int32": "i", "int64": "q", "float": "f", "double": "d"}
JULIAN_EPOCH = 2_440_588


def hybrid(data: bytes, width: int, count: int) -> list[int]:
    """`count` numbers of `width` bits from runs that repeat one or pack many; [] for no bits."""
    if not width:
        return []
    found: list[int] = []
    at, step = 0, (width + 7) // 8
    while len(found) < count:
        head, at = _varint(data, at)
        if head & 1:
            size = min((head >> 1) * width, len(data) - at)
            if not size:
                raise ParquetError("A page ends too early.")
            found.extend(_unpack(data[at : at + size], width, count - len(found)))
            at += size
        else:
            if at + step > len(data) or not head:
                raise ParquetError("A page ends too early.")
            value = int.from_bytes(data[at : at + step], "little")
            found.extend([value] * min(head >> 1, count - len(found)))
            at += step
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 35:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ParquetError("A page ends too early.")


def _unpack(data: bytes, width: int, most: int) -> Iterator[int]:
    """Numbers packed from the lowest bit on, eight of them in `width` bytes."""
    mask = (1 << width) - 1
    for at in range(0, len(data), width):
        bits = int.from_bytes(data[at : at + width], "little")
        for place in range(min(8, len(data[at : at + width]) * 8 // width, most)):
            yield bits >> place * width & mask
        most -= 8
        if most <= 0:
            return


def plain(body: bytes, leaf: Field, count: int) -> list[Scalar]:
    """`count` values one after another, fewer where the page ends; those of fixed width in one step."""
    kind = leaf.kind
    if kind in FORMATS:
        width = struct.calcsize(FORMATS[kind])
        count = min(count, len(body) // width)
        numbers = struct.unpack_from(f"<{count}{FORMATS[kind]}", body)
        return list(numbers)
    if kind == "boolean":
        return [bool(bit) for bit in _unpack(body, 1, count)]
    if kind in ("fixed", "int96"):
        width = 12 if kind == "int96" else leaf.width
        if width <= 0:
            raise ParquetError("A value without a width cannot be read.")
        return [body[at : at + width] for at in range(0, min(len(body) // width, count) * width, width)]
    return list(_strings(body, count))


def _strings(body: bytes, count: int) -> Iterator[bytes]:
    at = 0
    for _ in range(count):
        length = int.from_bytes(body[at : at + 4], "little")
        if at + 4 + length > len(body):
            raise ParquetError("A value lies outside of its page.")
        yield body[at + 4 : at + 4 + length]
        at += 4 + length


def meaning(value: Scalar, leaf: Field) -> Scalar:
    """A value as people write it: text, dates, decimals; what cannot be told stays as it is."""
    try:
        if isinstance(value, bytes):
            return _of_bytes(value, leaf)
        if isinstance(value, int) and not isinstance(value, bool):
            return _of_number(value, leaf)
    except (OverflowError, ValueError, KeyError, struct.error):
        return value
    return value


def _of_bytes(value: bytes, leaf: Field) -> Scalar:
    if leaf.label in ("string", "enum", "json"):
        return value.decode("utf-8", "replace")
    if leaf.label == "decimal":
        return _decimal(int.from_bytes(value, "big", signed=True), leaf.scale)
    if leaf.kind == "int96":
        days = int.from_bytes(value[8:], "little") - JULIAN_EPOCH
        return _moment(days * 86_400 * 10**9 + int.from_bytes(value[:8], "little"), 10**9)
    if leaf.label == "float16":
        return float(struct.unpack("<e", value)[0])
    return value


def _of_number(value: int, leaf: Field) -> Scalar:
    label = leaf.label
    if label == "date":
        return str(date(1970, 1, 1) + timedelta(days=value))
    if label.startswith("timestamp["):
        return _moment(value, SECONDS[label[10:-1]])
    if label == "decimal":
        return _decimal(value, leaf.scale)
    if label.startswith("uint") and value < 0:
        return value + (1 << (64 if leaf.kind == "int64" else 32))
    return value


def _moment(value: int, a_second: int) -> str:
    moment = EPOCH + timedelta(seconds=value // a_second, microseconds=value % a_second * 10**6 // a_second)
    return moment.replace(tzinfo=None).isoformat(sep=" ")


def _decimal(value: int, scale: int) -> Scalar:
    return str(Decimal(value).scaleb(-scale)) if 0 <= scale <= 100 and value.bit_length() < 1024 else value
