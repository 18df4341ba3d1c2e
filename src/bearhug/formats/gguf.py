"""Headers of GGUF files (versions 2 and 3): typed key-value metadata, then a table of tensors.

Source: the GGUF description, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Little-endian files only.
"""

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAGIC = b"GGUF"
LARGEST_HEADER = 64 << 20
MOST_ENTRIES = 100_000
MOST_ELEMENTS = 4_000_000
LONGEST_STRING = 8 << 20
MOST_DIMENSIONS = 8
BLOCK = 1 << 20
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
_LABEL = re.compile(r"(?:^|[-_.])((?:i?q\d[\w]*|bf16|f16|f32|fp16|mxfp4|tq\d_\d))(?:[-_.]|$)", re.IGNORECASE)

Read = Callable[[int, int], bytes]
"""`read(offset, size)`."""


class GgufError(ValueError):
    """The bytes are no GGUF header, or one that is larger than it may be."""


@dataclass(frozen=True)
class Tensor:
    """One tensor: shape (innermost first) and ggml type number."""

    name: str
    shape: tuple[int, ...]
    kind: int

    @property
    def elements(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class Header:
    """Metadata (arrays only by their length where they are long) and tensors."""

    version: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]

    @property
    def total(self) -> int:
        """Number of parameters."""
        return sum(tensor.elements for tensor in self.tensors)

    def summary(self) -> dict[str, Any]:
        """What clients read: total, architecture, context_length, chat_template, special tokens."""
        kind = self.metadata.get("general.architecture")
        found = {
            "total": self.total,
            "architecture": kind,
            "context_length": self.metadata.get(f"{kind}.context_length"),
            "quantize_imatrix_file": self.metadata.get("quantize.imatrix.file"),
            "chat_template": self.metadata.get("tokenizer.chat_template"),
            "bos_token": self._token("bos"),
            "eos_token": self._token("eos"),
        }
        return {key: value for key, value in found.items() if value is not None}

    def _token(self, which: str) -> str | None:
        number = self.metadata.get(f"tokenizer.ggml.{which}_token_id")
        tokens = self.metadata.get("tokenizer.ggml.tokens")
        if isinstance(number, int) and isinstance(tokens, list) and 0 <= number < len(tokens):
            return str(tokens[number])
        return None


def read_header(read: Read, size: int) -> Header:
    """Read the header of a file of `size` bytes. Raises GgufError; never reads more than 64 MiB."""
    stream = _Stream(read, min(size, LARGEST_HEADER))
    if stream.take(4) != MAGIC:
        raise GgufError("This is no GGUF file.")
    version = int(stream.number("<I"))
    if version not in (2, 3):
        raise GgufError(f"GGUF version {version} is not known.")
    tensors, entries = int(stream.number("<Q")), int(stream.number("<Q"))
    if tensors > MOST_ENTRIES or entries > MOST_ENTRIES:
        raise GgufError("The header announces too many entries.")
    metadata = {}
    for _ in range(entries):
        key = stream.text()
        metadata[key] = stream.value(int(stream.number("<I")), depth=0)
    return Header(version, metadata, tuple(_tensor(stream) for _ in range(tensors)))


def quantisation(path: str) -> str | None:
    """The label in a file name, such as `Q4_K_M`; None where there is none."""
    found = _LABEL.findall(path.rsplit("/", 1)[-1].removesuffix(".gguf") + ".")
    return found[-1].upper() if found else None


def _tensor(stream: "_Stream") -> Tensor:
    name = stream.text()
    dimensions = int(stream.number("<I"))
    if dimensions > MOST_DIMENSIONS:
        raise GgufError("A tensor has too many dimensions.")
    shape = tuple(int(stream.number("<Q")) for _ in range(dimensions))
    kind = int(stream.number("<I"))
    stream.number("<Q")
    return Tensor(name, shape, kind)


class _Stream:
    """Reads forward in blocks, never past the limit."""

    def __init__(self, read: Read, limit: int) -> None:
        self._read = read
        self._limit = limit
        self._held = b""
        self._at = 0
        self._next = 0
        self._elements = 0

    def take(self, count: int) -> bytes:
        while len(self._held) - self._at < count:
            block = self._read(self._next, min(max(BLOCK, count), self._limit - self._next)) if self._room() else b""
            if not block:
                raise GgufError("The header is cut off.")
            self._held = self._held[self._at :] + block
            self._at = 0
            self._next += len(block)
        found = self._held[self._at : self._at + count]
        self._at += count
        return found

    def _room(self) -> bool:
        return self._next < self._limit

    def number(self, layout: str) -> Any:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def text(self) -> str:
        length = int(self.number("<Q"))
        if length > LONGEST_STRING:
            raise GgufError("A string is too long.")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int, depth: int) -> Any:
        if kind in SCALARS:
            return self.number(SCALARS[kind])
        if kind == STRING:
            return self.text()
        if kind != ARRAY or depth > 2:
            raise GgufError(f"A value of type {kind} is not known.")
        inner, count = int(self.number("<I")), int(self.number("<Q"))
        self._elements += count
        if self._elements > MOST_ELEMENTS:
            raise GgufError("The arrays of the header are too long.")
        if inner in SCALARS:
            width = struct.calcsize(SCALARS[inner])
            return list(struct.unpack(f"<{count}{SCALARS[inner][1]}", self.take(count * width)))
        return [self.value(inner, depth + 1) for _ in range(count)]
