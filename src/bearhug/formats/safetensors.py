"""Headers of safetensors files: eight bytes of length, then JSON that describes every tensor.

Source: the safetensors format description, https://github.com/huggingface/safetensors#format.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LARGEST_HEADER = 25 << 20
MOST_TENSORS = 500_000
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64,
    "U64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip

Read = Callable[[int, int], bytes]
"""`read(offset, size)`."""


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
        """Number of elements by type."""
        counts: dict[str, int] = {}
        for tensor in self.tensors.values():
            counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.elements
        return counts


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
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SafetensorsError("The header is no JSON.") from error
    if not isinstance(data, dict) or len(data) > MOST_TENSORS:
        raise SafetensorsError("The header is no object of tensors.")
    room = size - 8 - length
    tensors = {name: _tensor(name, value, room) for name, value in data.items() if name != "__metadata__"}
    return Header(tensors, _metadata(data.get("__metadata__")))


def _tensor(name: str, value: Any, room: int) -> Tensor:
    try:
        dtype, shape, (start, end) = value["dtype"], tuple(value["shape"]), value["data_offsets"]
    except (TypeError, KeyError, ValueError) as error:
        raise SafetensorsError(f'"{name[:100]}" is not described.') from error
    numbers = (*shape, start, end)
    if not isinstance(dtype, str) or len(shape) > 32 or not all(_is_size(number) for number in numbers):
        raise SafetensorsError(f'"{name[:100]}" has no sensible shape.')
    tensor = Tensor(dtype, shape, start, end)
    bits = BITS.get(dtype)
    if start > end or end > room or (bits is not None and tensor.elements * bits != (end - start) * 8):
        raise SafetensorsError(f'"{name[:100]}" does not fit its bytes.')
    return tensor


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _metadata(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): item for key, item in value.items() if isinstance(item, str)}
