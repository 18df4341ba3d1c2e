"""Thrift's compact protocol, reading only: structs become dictionaries by field number, every length has a limit.

Source: the protocol's description, https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from typing import TypeAlias, Union

Value: TypeAlias = Union[bool, int, bytes, list["Value"], dict[int, "Value"]]  # noqa: UP007 - recursive

DEEPEST = 32
TRUE, FALSE, _BYTE, I16, I32, I64 = range(1, 7)


class ThriftError(ValueError):
    """The bytes are no compact Thrift, or larger than allowed."""


class Compact:
    """Reads values from `data`; at most `most` values in all, so that small bytes make no large heaps."""

    def __init__(self, data: bytes, *, most: int) -> None:
        self._data = data
        self._left = most
        self.at = 0

    def struct(self, deep: int = 0) -> dict[int, Value]:
        """Fields by number; unknown ones come along and may be ignored."""
        if deep > DEEPEST:
            raise ThriftError("it is nested too deeply")
        found: dict[int, Value] = {}
        number = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            number = number + step if step else self._zigzag()
            found[number] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, deep)
        return found

    def _value(self, kind: int, deep: int) -> Value:
        self._left -= 1
        if self._left < 0:
            raise ThriftError("it holds too many values")
        if kind in (TRUE, FALSE):
            return self._byte() == TRUE
        if kind in (I16, I32, I64):
            return self._zigzag()
        return self._longer(kind, deep)

    def _longer(self, kind: int, deep: int) -> Value:
        match kind:
            case 3:
                return self._byte()
            case 7:
                return self._take(8)
            case 8:
                return self._take(self._varint())
            case 9 | 10:
                return self._list(deep + 1)
            case 12:
                return self.struct(deep + 1)
        raise ThriftError("it holds a value of an unknown type")

    def _list(self, deep: int) -> list[Value]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        if count == 15:
            count = self._varint()
        if count > self._left or deep > DEEPEST:
            raise ThriftError("it holds a list that is too long")
        return [self._value(kind, deep) for _ in range(count)]

    def _byte(self) -> int:
        if self.at >= len(self._data):
            raise ThriftError("it is cut off")
        self.at += 1
        return self._data[self.at - 1]

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self.at:
            raise ThriftError("it is cut off")
        self.at += count
        return self._data[self.at - count : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ThriftError("it holds a number that is too long")

    def _zigzag(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
