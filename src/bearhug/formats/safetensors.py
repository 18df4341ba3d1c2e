"""Headers of safetensors files: eight bytes of length, then JSON that describes every tensor.

Source: the safetensors format description, https://github.com/huggingface/safetensors#format.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bearhug.formats.values import Json, ValuesError, list_of, mapping_of, parse_json, whole_of

LARGEST_HEADER = 25 << 20
LARGEST_INDEX = 32 << 20
MOST_TENSORS = 500_000
MOST_SHARDS = 1000
MOST_DIMENSIONS = 32
LARGEST_COUNT = 1 << 62
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64,
    "U64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
"""Bits of an element; types that are not listed are passed on unchecked."""

Read = Callable[[int, int], bytes]
"""`read(offset, size)`: the bytes there, fewer only at the end."""


class SafetensorsError(ValueError):
    """The bytes are no safetensors header, or one that lies about itself."""


@dataclass(frozen=True)
class Tensor:
    """One tensor: element type, shape, and its bytes [start, end) behind the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def elements(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class Header:
    """Every tensor by name, and the free-form string metadata."""

    tensors: dict[str, Tensor]
    metadata: dict[str, str]

    @property
    def parameters(self) -> dict[str, int]:
        """Number of elements by type, as stored. For packed weights see `safetensors_counts`."""
        counts: dict[str, int] = {}
        for tensor in self.tensors.values():
            counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.elements
        return counts


@dataclass(frozen=True)
class Index:
    """The `….safetensors.index.json` of a sharded model: the file of each tensor, beside the index."""

    weight_map: Mapping[str, str]
    metadata: Mapping[str, Json]

    @property
    def shards(self) -> list[str]:
        return sorted(set(self.weight_map.values()))


def read_header(read: Read, size: int) -> Header:
    """Read and check the header of a file of `size` bytes. Raises SafetensorsError."""
    if size < 8:
        raise SafetensorsError("The file is too short.")
    length = int.from_bytes(read(0, 8), "little")
    if not 2 <= length <= min(LARGEST_HEADER, size - 8):
        raise SafetensorsError(f"A header of {length} bytes does not fit.")
    raw = read(8, length)
    if len(raw) != length:
        raise SafetensorsError("The header is cut off.")
    data = _object(raw, "header", LARGEST_HEADER)
    if len(data) > MOST_TENSORS:
        raise SafetensorsError("The header names too many tensors.")
    room = size - 8 - length
    tensors = {name: _tensor(name, value, room) for name, value in data.items() if name != "__metadata__"}
    _check_places(tensors)
    metadata = mapping_of(data.get("__metadata__"))
    return Header(tensors, {key: value for key, value in metadata.items() if isinstance(value, str)})


def parse_index(data: bytes) -> Index:
    """The index of a sharded model. Raises SafetensorsError, also for files that would lie in another folder."""
    content = _object(data, "index", LARGEST_INDEX)
    weights = mapping_of(content.get("weight_map"))
    if not weights or len(weights) > MOST_TENSORS:
        raise SafetensorsError("The index maps no tensors, or too many.")
    found = {name: path for name, path in weights.items() if isinstance(path, str)}
    files = set(found.values())
    if len(found) != len(weights) or len(files) > MOST_SHARDS or not all(_is_file_name(name) for name in files):
        raise SafetensorsError("The index names a file that cannot be a shard, or too many of them.")
    return Index(found, mapping_of(content.get("metadata")))


def _object(raw: bytes, what: str, limit: int) -> Mapping[str, Json]:
    try:
        data = parse_json(raw, limit=limit)
    except ValuesError as error:
        raise SafetensorsError(f"The {what} cannot be read: {error}.") from error
    if not isinstance(data, dict):
        raise SafetensorsError(f"The {what} is no JSON object.")
    return data


def _tensor(name: str, value: Json, room: int) -> Tensor:
    described = mapping_of(value)
    dtype, shape = described.get("dtype"), described.get("shape")
    offsets = list_of(described.get("data_offsets"))
    if not isinstance(dtype, str) or not isinstance(shape, list) or len(offsets) != 2 or len(shape) > MOST_DIMENSIONS:
        raise SafetensorsError(f'"{name[:100]}" is not described as a tensor.')
    start, end, *dimensions = (_size(name, number) for number in (*offsets, *shape))
    tensor = Tensor(dtype, tuple(dimensions), start, end)
    bits = BITS.get(dtype)
    if not start <= end <= room or (bits is not None and tensor.elements * bits != (end - start) * 8):
        raise SafetensorsError(f'"{name[:100]}" does not fit its bytes.')
    if tensor.elements >= LARGEST_COUNT:
        raise SafetensorsError(f'"{name[:100]}" is larger than any tensor.')
    return tensor


def _size(name: str, value: Json) -> int:
    number = whole_of(value)
    if number is None or not 0 <= number < LARGEST_COUNT:
        raise SafetensorsError(f'"{name[:100]}" has a length that is none.')
    return number


def _check_places(tensors: Mapping[str, Tensor]) -> None:
    """No two tensors share bytes: what is hidden twice in one place is no honest file."""
    at = 0
    for tensor in sorted(tensors.values(), key=lambda item: (item.start, item.end)):
        if tensor.start < at:
            raise SafetensorsError("Two tensors lie over each other.")
        at = tensor.end


def _is_file_name(name: str) -> bool:
    return bool(name) and name not in {".", ".."} and PurePosixPath(name).name == name and "\\" not in name
