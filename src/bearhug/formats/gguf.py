"""Headers of GGUF files (versions 2 and 3): typed key-value metadata, then a table of tensors.

Source: the GGUF description, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Long arrays (the tokens of a
vocabulary) are passed over; only their type and length are kept.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bearhug.formats.gguf_cursor import STRING, Array, Cursor, GgufError, Read, Value

__all__ = ["GgufError", "Header", "Read", "Tensor", "quantisation", "read_header", "shards"]

MAGIC = b"GGUF"
LARGEST_HEADER = 64 << 20
MOST_ENTRIES = 100_000
MOST_DIMENSIONS = 8
LARGEST_TOTAL = 1 << 62
LONGEST_TEMPLATE = 256 * 1024
TOKENS = "tokenizer.ggml.tokens"
SPECIAL_TOKENS = ("bos", "eos", "unknown", "padding", "mask")

_LABEL = re.compile(
    r"(?<![A-Za-z0-9])((?:I?Q[1-8]|TQ[12])(?:_[0-9A-Z]+)+|I?Q[1-8]|[BF]?F16|F32|F64|FP16|FP32|MXFP4(?:_MOE)?|NVFP4)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARD = re.compile(r"(?P<stem>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)


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
    """Metadata, tensors, and the texts of special tokens (`bos`, `eos`, `mask` …) that the vocabulary holds."""

    version: int
    metadata: Mapping[str, Value]
    tensors: tuple[Tensor, ...]
    tokens: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Number of parameters in this file."""
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def architecture(self) -> str | None:
        return self.text("general.architecture")

    @property
    def context_length(self) -> int | None:
        found = self.metadata.get(f"{self.architecture}.context_length")
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    @property
    def chat_template(self) -> str | None:
        found = self.text("tokenizer.chat_template")
        return found if found and len(found) <= LONGEST_TEMPLATE else None

    def text(self, key: str) -> str | None:
        """A value that is a string; None for anything else."""
        found = self.metadata.get(key)
        return found if isinstance(found, str) else None

    def summary(self) -> dict[str, str | int]:
        """What clients read: total, architecture, context_length, chat_template, special tokens."""
        found = {
            "total": self.total,
            "architecture": self.architecture,
            "context_length": self.context_length,
            "quantize_imatrix_file": self.text("quantize.imatrix.file"),
            "chat_template": self.chat_template,
            "bos_token": self.tokens.get("bos"),
            "eos_token": self.tokens.get("eos"),
        }
        return {key: value for key, value in found.items() if value is not None}


def read_header(read: Read, size: int) -> Header:
    """Read the header of a file of `size` bytes. Raises GgufError; never reads behind the first 64 MiB."""
    cursor = Cursor(read, min(size, LARGEST_HEADER))
    if cursor.take(4) != MAGIC:
        raise GgufError("This is no GGUF file.")
    version = cursor.version()
    if version not in (2, 3):
        raise GgufError(f"GGUF version {version} is not known.")
    tensors, entries = cursor.length(MOST_ENTRIES), cursor.length(MOST_ENTRIES)
    metadata: dict[str, Value] = {}
    for _ in range(entries):
        key = cursor.key()
        metadata[key] = cursor.value(cursor.word())
    table = tuple(_tensor(cursor) for _ in range(tensors))
    header = Header(version, metadata, table, _special_tokens(cursor, metadata))
    if header.total >= LARGEST_TOTAL:
        raise GgufError("The tensors are larger than any model.")
    return header


def quantisation(path: str) -> str | None:
    """The label in a file name, such as `Q4_K_M`; None where there is none."""
    found = _LABEL.findall(path.rsplit("/", 1)[-1].removesuffix(".gguf"))
    return str(found[-1]).upper() if found else None


def shards(path: str) -> list[str]:
    """All files of the model that a file belongs to, itself included (`…-00001-of-00003.gguf`)."""
    found = _SHARD.fullmatch(path)
    if not found or not 1 <= int(found["count"]) <= 1000:
        return [path]
    count, ending = int(found["count"]), path[-len(".gguf") :]
    return [f"{found['stem']}-{number:05d}-of-{count:05d}{ending}" for number in range(1, count + 1)]


def _tensor(cursor: Cursor) -> Tensor:
    name = cursor.key()
    dimensions = cursor.word()
    if dimensions > MOST_DIMENSIONS:
        raise GgufError("A tensor has too many dimensions.")
    shape = tuple(cursor.length(LARGEST_TOTAL) for _ in range(dimensions))
    kind = cursor.word()
    cursor.take(8)
    return Tensor(name, shape, kind)


def _special_tokens(cursor: Cursor, metadata: Mapping[str, Value]) -> dict[str, str]:
    tokens = metadata.get(TOKENS)
    if not isinstance(tokens, Array) or tokens.kind != STRING:
        return {}
    numbers = {name: metadata.get(f"tokenizer.ggml.{name}_token_id") for name in SPECIAL_TOKENS}
    wanted = {
        name: number for name, number in numbers.items() if isinstance(number, int) and 0 <= number < tokens.length
    }
    found = cursor.strings_at(tokens, set(wanted.values()))
    return {name: found[number] for name, number in wanted.items() if number in found}
