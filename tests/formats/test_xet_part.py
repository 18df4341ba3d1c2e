"""Parts of xorbs that are read alone."""

from contextlib import suppress
from pathlib import Path

import lz4.frame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.xet_samples import HELLO, LZ4_RAW, flowing, make_xorb

from bearhug.formats.xet_codec import pack_chunk
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_part import Part
from bearhug.formats.xet_planes import split_groups
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb

FLOATS = b"".join(number.to_bytes(4, "little") for number in range(0x3D000000, 0x3D000000 + 2001))
CHUNKS = [HELLO, LZ4_RAW, flowing(3000), bytes(9000), FLOATS, flowing(10)]
BODY, INDEX = make_xorb(CHUNKS)


def read(body: bytes, index: XorbIndex, start: int, end: int) -> memoryview:
    """As a file would be read that holds `body`."""
    part = Part(index, start, end)
    at = first = int(index.offsets[start])
    for room in part.rooms:
        came = body[at : at + len(room)]
        room[: len(came)] = came
        at += len(came)
    return part.unpack(at - first)


@pytest.mark.parametrize("start", range(6))
def test_chunks_are_read_without_those_around_them(start: int) -> None:
    for end in range(start + 1, 7):
        assert read(BODY, INDEX, start, end) == b"".join(CHUNKS[start:end])


def test_what_is_stored_as_it_is_has_its_room_in_the_end(tmp_path: Path) -> None:
    part = Part(INDEX, 2, 3)
    assert [len(room) for room in part.rooms] == [8, 3000]
    (tmp_path / "body").write_bytes(BODY)
    with (tmp_path / "body").open("rb") as file:
        file.seek(int(INDEX.offsets[2]))
        count = sum(file.readinto(room) for room in part.rooms)
    raw = part.unpack(count)
    part.rooms[1][0] ^= 1
    assert raw[0] == flowing(3000)[0] ^ 1


@pytest.mark.parametrize("scheme", [1, 2])
def test_a_chunk_that_is_packed_and_no_shorter_is_unpacked(scheme: int) -> None:
    raw = next(raw for size in range(20, 400) if len(frame(raw := HELLO + bytes(size - 11), scheme)) == size)
    payload = frame(raw, scheme)
    assert len(payload) == len(raw)
    lengths = len(payload).to_bytes(3, "little")
    body = b"".join((pack_chunk(HELLO), b"\0", lengths, bytes([scheme]), lengths, payload))
    assert read(body, scan_xorb(body), 0, 2) == HELLO + raw


def frame(raw: bytes, scheme: int) -> bytes:
    made: bytes = lz4.frame.compress(raw if scheme == 1 else split_groups(raw), content_checksum=True)
    return made


@pytest.mark.parametrize(("start", "end"), [(0, 7), (-1, 2), (2, 2), (3, 2), (6, 7)])
def test_chunks_that_do_not_exist_are_refused(start: int, end: int) -> None:
    with pytest.raises(XorbFormatError):
        Part(INDEX, start, end)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 8 * len(BODY) - 1))
def test_a_flipped_bit_on_the_disk_gives_other_bytes_or_an_error(bit: int) -> None:
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    with suppress(XorbFormatError):
        assert len(read(bytes(body), INDEX, 0, 6)) == INDEX.raw_length


@given(st.integers(0, len(BODY) - 1))
def test_a_body_that_is_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(XorbFormatError):
        read(BODY[:length], INDEX, 0, 6)


def test_chunks_of_another_body_are_noticed() -> None:
    other, _ = make_xorb([HELLO, LZ4_RAW, flowing(3000), bytes(8999), FLOATS, flowing(11)])
    with pytest.raises(XorbFormatError):
        read(other, INDEX, 3, 4)
