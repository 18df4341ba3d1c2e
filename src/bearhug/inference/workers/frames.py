"""Frames between the hub and a worker: two lengths, a JSON object, then raw bytes; every length has a limit."""

import json
import socket
import struct
from dataclasses import dataclass
from typing import Any, Literal

LARGEST_TEXT = 64 << 20
LARGEST_BLOB = 256 << 20

Kind = Literal["load", "ready", "call", "cancel", "item", "done", "failed"]
KINDS = frozenset(("load", "ready", "call", "cancel", "item", "done", "failed"))

_LENGTHS = struct.Struct(">IQ")


class BrokenFrame(Exception):
    """The other side does not keep to the form."""


@dataclass(frozen=True)
class Frame:
    """One message. `call` numbers the call it belongs to; 0 is the worker itself."""

    kind: Kind
    call: int = 0
    data: Any = None
    blob: bytes = b""


def send(link: socket.socket, frame: Frame) -> None:
    """Write one frame; the caller sees to it that nobody else writes meanwhile."""
    text = json.dumps({"kind": frame.kind, "call": frame.call, "data": frame.data}).encode()
    if len(text) > LARGEST_TEXT or len(frame.blob) > LARGEST_BLOB:
        raise BrokenFrame("The message is too large for one frame.")
    link.sendall(_LENGTHS.pack(len(text), len(frame.blob)) + text)
    if frame.blob:
        link.sendall(frame.blob)


def receive(link: socket.socket) -> Frame | None:
    """The next frame; None when the other side has hung up."""
    head = _exactly(link, _LENGTHS.size)
    if head is None:
        return None
    length, size = _LENGTHS.unpack(head)
    if length > LARGEST_TEXT or size > LARGEST_BLOB:
        raise BrokenFrame("A frame announces more than it may hold.")
    text = _exactly(link, length)
    blob = _exactly(link, size)
    if text is None or blob is None:
        return None
    return _parsed(text, bytes(blob))


def _parsed(text: bytearray, blob: bytes) -> Frame:
    try:
        found = json.loads(text)
        kind, call = found["kind"], found["call"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise BrokenFrame("A frame is not JSON of the right form.") from error
    if kind not in KINDS or not isinstance(call, int):
        raise BrokenFrame("A frame is of no known kind.")
    return Frame(kind, call, found.get("data"), blob)


def _exactly(link: socket.socket, size: int) -> bytearray | None:
    """That many bytes, gathered as they come; None at the end of the stream."""
    parts = bytearray()
    while len(parts) < size:
        try:
            piece = link.recv(min(size - len(parts), 1 << 20))
        except ConnectionError:
            return None
        if not piece:
            return None
        parts += piece
    return parts
