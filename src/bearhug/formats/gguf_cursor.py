"""Reads the typed values of a GGUF header forward, in blocks, never past a limit."""

import struct
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

LONGEST_KEY = 65_535
LONGEST_STRING = 4 << 20
LONGEST_KEPT = 64
"""Elements of an array that is kept as a list; of longer ones only type, length and place."""
MOST_ELEMENTS = 4_000_000
DEEPEST = 3
BLOCK = 1 << 20
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9

Read = Callable[[int, int], bytes]
"""`read(offset, size)`: the bytes there, fewer only at the end."""


class GgufError(ValueError):
    """The bytes are no GGUF header, or one that is larger than it may be."""


@dataclass(frozen=True)
class Array:
    """A long array that was passed over: type number of its elements, how many, and where the first one lies."""

    kind: int
    length: int
    offset: int


Value: TypeAlias = bool | int | float | str | Array | list["Value"]


class Cursor:
    """A place in a header that moves forward; GgufError where the bytes end or a length is beyond its bound."""

    def __init__(self, read: Read, limit: int) -> None:
        self._read = read
        self._limit = limit
        self._held = b""
        self._start = 0
        self._at = 0
        self._order = "<"
        self._elements = 0

    def take(self, count: int) -> bytes:
        """The next bytes, whole."""
        self._need(count)
        self._at += count
        return self._held[self._at - count : self._at]

    def version(self) -> int:
        """The version; files of big-endian machines show themselves by it."""
        raw = self.take(4)
        number = int.from_bytes(raw, "little")
        if number & 0xFFFF == 0 and number:
            self._order = ">"
            number = int.from_bytes(raw, "big")
        return number

    def word(self) -> int:
        return int.from_bytes(self.take(4), self._endian)

    def length(self, most: int) -> int:
        """A 64-bit number that may be at most `most`."""
        number = int.from_bytes(self.take(8), self._endian)
        if number > most:
            raise GgufError("The header announces more than it may hold.")
        return number

    def key(self) -> str:
        return self.take(self.length(LONGEST_KEY)).decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Value:
        """The next value of a type."""
        if kind in SCALARS:
            found: Value = struct.unpack(self._order + SCALARS[kind], self.take(struct.calcsize(SCALARS[kind])))[0]
            return found
        if kind == STRING:
            return self.take(self.length(LONGEST_STRING)).decode("utf-8", "replace")
        if kind != ARRAY or depth >= DEEPEST:
            raise GgufError(f"A value of type {kind} is not known.")
        inner, count = self.word(), self.length(MOST_ELEMENTS)
        self._elements += count
        if self._elements > MOST_ELEMENTS:
            raise GgufError("The arrays of the header are too long.")
        if count <= LONGEST_KEPT:
            return [self.value(inner, depth + 1) for _ in range(count)]
        array = Array(inner, count, self._start + self._at)
        self._pass_over(inner, count, depth)
        return array

    def strings_at(self, array: Array, indices: Set[int]) -> dict[int, str]:
        """Some strings of an array of strings that was passed over. The cursor itself moves away."""
        self._held, self._start, self._at = b"", array.offset, 0
        found: dict[int, str] = {}
        last = -1
        for index in sorted(indices):
            self._skip_strings(index - last - 1)
            found[index] = self.take(self.length(LONGEST_STRING)).decode("utf-8", "replace")
            last = index
        return found

    @property
    def _endian(self) -> Literal["little", "big"]:
        return "little" if self._order == "<" else "big"

    def _pass_over(self, kind: int, count: int, depth: int) -> None:
        if kind in SCALARS:
            self._skip(count * struct.calcsize(SCALARS[kind]))
        elif kind == STRING:
            self._skip_strings(count)
        else:
            for _ in range(count):
                self.value(kind, depth + 1)

    def _skip_strings(self, count: int) -> None:
        """Pass over strings without making them: the lengths are read in place."""
        number = struct.Struct(self._order + "Q")
        held, at = self._held, self._at
        for _ in range(count):
            if at + 8 > len(held):
                self._at = at
                self._need(8)
                held, at = self._held, self._at
            (length,) = number.unpack_from(held, at)
            if length > LONGEST_STRING:
                raise GgufError("A string is too long.")
            at += 8 + length
            if at > len(held):
                self._at = len(held)
                self._skip(at - len(held))
                held, at = self._held, self._at
        self._at = at

    def _skip(self, count: int) -> None:
        """Move on without reading what lies between."""
        target = self._start + self._at + count
        if target > self._limit:
            raise GgufError("The header is cut off.")
        if self._at + count <= len(self._held):
            self._at += count
        else:
            self._held, self._start, self._at = b"", target, 0

    def _need(self, count: int) -> None:
        """Hold at least `count` bytes from here on."""
        missing = count - (len(self._held) - self._at)
        if missing <= 0:
            return
        end = self._start + len(self._held)
        if end + missing > self._limit:
            raise GgufError("The header is cut off.")
        block = self._read(end, min(max(BLOCK, missing), self._limit - end))
        if len(block) < missing:
            raise GgufError("The header is cut off.")
        self._start += self._at
        self._held = self._held[self._at :] + block
        self._at = 0
