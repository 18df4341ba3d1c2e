"""Writes small weight files byte by byte, also wrong ones."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence

KINDS = {"u8": 0, "i8": 1, "u16": 2, "i16": 3, "u32": 4, "i32": 5, "f32": 6, "bool": 7, "u64": 10, "i64": 11, "f64": 12}
LAYOUTS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9

Entry = tuple[str, object]
"""Kind and value: `("u32", 1)`, `("str", "x")`, `("[str]", [...])`, `("[[u8]]", [[1]])`."""


def safetensors(
    tensors: Mapping[str, tuple[str, Sequence[int], int]], metadata: Mapping[str, str] | None = None
) -> bytes:
    """A file of zeros: name to (type, shape, bytes)."""
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    at = 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    return with_length(json.dumps(header).encode()) + bytes(at)


def with_length(header: bytes) -> bytes:
    return struct.pack("<Q", len(header)) + header


def gguf(
    metadata: Mapping[str, Entry], tensors: Mapping[str, Sequence[int]], *, version: int = 3, order: str = "<"
) -> bytes:
    """The header of a GGUF file; all tensors are F32."""
    out = b"GGUF" + struct.pack(f"{order}IQQ", version, len(tensors), len(metadata))
    for key, (kind, value) in metadata.items():
        number, packed = _packed(kind, value, order)
        out += _string(key, order) + struct.pack(f"{order}I", number) + packed
    for name, shape in tensors.items():
        out += _string(name, order) + struct.pack(f"{order}I", len(shape))
        out += struct.pack(f"{order}{len(shape)}Q", *shape) + struct.pack(f"{order}IQ", 0, 0)
    return out


def reader(data: bytes) -> Callable[[int, int], bytes]:
    """`read(offset, size)` over bytes."""
    return lambda offset, size: data[offset : offset + size]


def _string(text: str, order: str) -> bytes:
    raw = text.encode()
    return struct.pack(f"{order}Q", len(raw)) + raw


def _packed(kind: str, value: object, order: str) -> tuple[int, bytes]:
    if kind.startswith("["):
        assert isinstance(value, list)
        items = [_packed(kind[1:-1], item, order) for item in value]
        inner = items[0][0] if items else KINDS["u8"]
        return ARRAY, struct.pack(f"{order}IQ", inner, len(items)) + b"".join(packed for _, packed in items)
    if kind == "str":
        return STRING, _string(str(value), order)
    number = KINDS[kind]
    return number, struct.pack(order + LAYOUTS[number], value)
