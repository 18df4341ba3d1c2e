"""safetensors headers, held to the library that wrote them, and hostile ones."""

import json
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.weights import reader, safetensors, with_length

from bearhug.formats.safetensors import BITS, Header, SafetensorsError, parse_index, read_header

FILE = safetensors({"a": ("F32", [2, 3], 24), "b": ("BF16", [4], 8), "c": ("I64", [], 8)}, {"format": "pt"})


def _header(data: bytes, size: int | None = None) -> Header:
    return read_header(reader(data), len(data) if size is None else size)


def _lies(tensor: object, **more: object) -> bytes:
    return with_length(json.dumps({"t": tensor, **more}).encode()) + bytes(8)


def test_a_header_is_read() -> None:
    header = _header(FILE)
    assert header.parameters == {"F32": 6, "BF16": 4, "I64": 1}
    assert header.metadata == {"format": "pt"}
    assert header.tensors["b"].shape == (4,)
    assert (header.tensors["b"].start, header.tensors["b"].end) == (24, 32)


def test_only_the_header_is_read() -> None:
    asked: list[tuple[int, int]] = []

    def read(offset: int, size: int) -> bytes:
        asked.append((offset, size))
        return FILE[offset : offset + size]

    read_header(read, len(FILE))
    assert sum(size for _, size in asked) == len(FILE) - 40


@pytest.mark.parametrize("dtype", [name for name, bits in BITS.items() if bits < 8])
def test_types_below_a_byte_fit_their_bytes(dtype: str) -> None:
    header = _header(safetensors({"t": (dtype, [16], 16 * BITS[dtype] // 8)}))
    assert header.parameters == {dtype: 16}


def test_a_type_of_tomorrow_is_passed_on() -> None:
    assert _header(safetensors({"t": ("F2", [32], 8)})).parameters == {"F2": 32}


def test_what_the_library_writes_is_read() -> None:
    library = pytest.importorskip("safetensors.numpy")
    numpy = pytest.importorskip("numpy")
    arrays = {"x": numpy.zeros((2, 5), "float16"), "y": numpy.ones(3, "uint8"), "empty": numpy.zeros((0, 4), "float32")}
    data = library.save(arrays, {"a": "b"})
    header = _header(data)
    assert {name: tensor.shape for name, tensor in header.tensors.items()} == {"x": (2, 5), "y": (3,), "empty": (0, 4)}
    assert header.metadata == {"a": "b"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "too short"),
        (struct.pack("<Q", 1 << 40) + b"{}", "does not fit"),
        (struct.pack("<Q", 100) + b"{}", "does not fit"),
        (struct.pack("<Q", 0), "does not fit"),
        (with_length(b"[]"), "no JSON object"),
        (with_length(b"{]"), "not valid JSON"),
        (with_length(b"[" * 5000), "not valid JSON"),
        (with_length(b"\xff\xff"), "not valid JSON"),
        (_lies(1), "not described"),
        (_lies({"dtype": "F32", "shape": [1]}), "not described"),
        (_lies({"dtype": "F32", "shape": [1] * 40, "data_offsets": [0, 4]}), "not described"),
        (_lies({"dtype": 1, "shape": [1], "data_offsets": [0, 4]}), "not described"),
        (_lies({"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}), "length that is none"),
        (_lies({"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}), "length that is none"),
        (_lies({"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}), "length that is none"),
        (_lies({"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}), "does not fit its bytes"),
        (_lies({"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}), "does not fit its bytes"),
        (_lies({"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}), "does not fit its bytes"),
        (_lies({"dtype": "F2", "shape": [1 << 50, 1 << 50], "data_offsets": [0, 4]}), "larger than any"),
        (
            _lies(
                {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
                u={"dtype": "F32", "shape": [1], "data_offsets": [2, 6]},
            ),
            "over each other",
        ),
    ],
)
def test_a_header_that_lies_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SafetensorsError, match=reason):
        _header(data)


@settings(max_examples=200)
@given(at=st.integers(0, (len(FILE) - 40) * 8 - 1), cut=st.integers(0, len(FILE) - 41))
def test_a_damaged_header_is_read_or_refused(at: int, cut: int) -> None:
    flipped = bytearray(FILE)
    flipped[at // 8] ^= 1 << at % 8
    with suppress(SafetensorsError):
        assert sum(_header(bytes(flipped)).parameters.values()) >= 0
    with pytest.raises(SafetensorsError):
        _header(FILE[:cut])
    with pytest.raises(SafetensorsError):
        _header(FILE[:cut], size=len(FILE))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(SafetensorsError):
        _header(with_length(data))


def test_an_index_names_the_files_of_a_sharded_model() -> None:
    index = parse_index(
        b'{"metadata": {"total_size": 10}, "weight_map": {"a": "m-2.safetensors", "b": "m-1.safetensors"}}'
    )
    assert index.shards == ["m-1.safetensors", "m-2.safetensors"]
    assert index.metadata == {"total_size": 10}


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"weight_map": []}',
        '{"weight_map": {}}',
        '{"weight_map": {"a": 1}}',
        '{"weight_map": {"a": "../x.safetensors"}}',
        '{"weight_map": {"a": "/etc/x"}}',
        '{"weight_map": {"a": ".."}}',
        '{"weight_map": {"a": "x\\\\y"}}',
        json.dumps({"weight_map": {str(number): f"{number}.safetensors" for number in range(2000)}}),
    ],
)
def test_an_index_that_leads_astray_is_refused(content: str) -> None:
    with pytest.raises(SafetensorsError):
        parse_index(content.encode())
