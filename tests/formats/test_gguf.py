"""GGUF headers, good and hostile."""

import struct
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.weights import Entry, gguf, reader

from bearhug.formats.gguf import GgufError, Header, quantisation, read_header, shards
from bearhug.formats.gguf_cursor import Array

TOKENS = [f"token{number}" for number in range(300)]
METADATA: dict[str, Entry] = {
    "general.architecture": ("str", "llama"),
    "llama.context_length": ("u32", 4096),
    "tokenizer.ggml.tokens": ("[str]", TOKENS),
    "tokenizer.ggml.scores": ("[f32]", [0.5] * 300),
    "tokenizer.ggml.bos_token_id": ("u32", 1),
    "tokenizer.ggml.eos_token_id": ("u32", 299),
    "tokenizer.chat_template": ("str", "{{ messages }}"),
    "general.tags": ("[str]", ["a", "b"]),
    "nested": ("[[u8]]", [[1, 2], [3]]),
    "flag": ("bool", True),
    "big": ("u64", 2**63),
    "float": ("f64", 1.5),
}
TENSORS = {"token_embd.weight": (8, 300), "output_norm.weight": (8,)}
FILE = gguf(METADATA, TENSORS)


def _header(data: bytes) -> Header:
    return read_header(reader(data), len(data))


def test_a_header_tells_what_clients_read() -> None:
    assert _header(FILE).summary() == {
        "total": 2408,
        "architecture": "llama",
        "context_length": 4096,
        "chat_template": "{{ messages }}",
        "bos_token": "token1",
        "eos_token": "token299",
    }


def test_short_arrays_are_kept_and_long_ones_are_passed_over() -> None:
    metadata = _header(FILE).metadata
    assert metadata["general.tags"] == ["a", "b"]
    assert metadata["nested"] == [[1, 2], [3]]
    assert (metadata["flag"], metadata["big"], metadata["float"]) == (True, 2**63, 1.5)
    tokens = metadata["tokenizer.ggml.tokens"]
    assert isinstance(tokens, Array)
    assert tokens.length == 300


@pytest.mark.parametrize(("version", "order"), [(2, "<"), (3, "<"), (3, ">")])
def test_both_versions_and_both_byte_orders_are_read(version: int, order: str) -> None:
    header = _header(gguf(METADATA, TENSORS, version=version, order=order))
    assert header.version == version
    assert header.total == 2408
    assert header.tokens["eos"] == "token299"


def test_a_header_is_read_in_blocks_whatever_lies_behind() -> None:
    asked: list[tuple[int, int]] = []

    def read(offset: int, size: int) -> bytes:
        asked.append((offset, size))
        return (FILE + bytes(5 << 20))[offset : offset + size]

    assert read_header(read, len(FILE) + (5 << 20)).total == 2408
    assert sum(size for _, size in asked) <= 4 << 20


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cut off"),
        (b"GGUX" + bytes(100), "no GGUF"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(100), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "announces"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "announces"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 40), "announces"),
        (b"GGUF" + struct.pack("<IQQQ1sIQ", 3, 0, 1, 1, b"k", 8, 1 << 40), "announces"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 4, 1 << 40), "announces"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 4, 3_000_000), "cut off"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQQ", 3, 0, 1, 1, b"k", 9, 8, 100, 1 << 40), "too long"),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 99) + bytes(20), "type 99"),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 9) + struct.pack("<IQ", 9, 1) * 10, "type 9"),
        (gguf({}, {"t": (1,) * 9}), "dimensions"),
        (gguf({}, {"t": (1 << 40, 1 << 40)}), "larger than any model"),
        (gguf({}, {"t": (1 << 63,)}), "announces"),
    ],
)
def test_a_header_that_lies_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(GgufError, match=reason):
        _header(data)


def test_token_numbers_outside_of_the_vocabulary_are_ignored() -> None:
    odd: dict[str, Entry] = {"tokenizer.ggml.bos_token_id": ("i32", -1), "tokenizer.ggml.eos_token_id": ("u32", 300)}
    assert not _header(gguf(METADATA | odd, TENSORS)).tokens


def test_values_of_the_wrong_type_are_left_out_of_the_summary() -> None:
    odd: dict[str, Entry] = {"general.architecture": ("u32", 1), "tokenizer.chat_template": ("[u8]", [1])}
    assert _header(gguf(odd, TENSORS)).summary() == {"total": 2408}


def test_a_large_vocabulary_is_passed_over_quickly() -> None:
    metadata: dict[str, Entry] = {
        "tokenizer.ggml.tokens": ("[str]", TOKENS * 800),
        "tokenizer.ggml.eos_token_id": ("u32", 239_999),
    }
    data = gguf(metadata, TENSORS)
    started = time.process_time()
    assert _header(data).tokens == {"eos": "token299"}
    assert time.process_time() - started < 2


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(FILE) * 8 - 1), cut=st.integers(0, len(FILE) - 1))
def test_a_damaged_header_is_read_or_refused(at: int, cut: int) -> None:
    flipped = bytearray(FILE)
    flipped[at // 8] ^= 1 << at % 8
    with suppress(GgufError):
        _header(bytes(flipped)).summary()
    with pytest.raises(GgufError):
        _header(FILE[:cut])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(GgufError):
        _header(b"GGUF\3\0\0\0" + data)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("model-Q4_K_M.gguf", "Q4_K_M"),
        ("a/b.q8_0.gguf", "Q8_0"),
        ("Llama-3.1-8B-Instruct-IQ2_XXS-00001-of-00002.gguf", "IQ2_XXS"),
        ("x-UD-Q2_K_XL.gguf", "Q2_K_XL"),
        ("x-bf16.gguf", "BF16"),
        ("gpt-oss-mxfp4.gguf", "MXFP4"),
        ("Q5-model-F16.gguf", "F16"),
        ("ggml-model.gguf", None),
        ("SQ4model.gguf", None),
    ],
)
def test_the_quantisation_stands_in_the_file_name(name: str, label: str | None) -> None:
    assert quantisation(name) == label


def test_the_shards_of_a_model_are_known_by_name() -> None:
    assert shards("q/m-00002-of-00003.gguf") == [f"q/m-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
    assert shards("m.gguf") == ["m.gguf"]
    assert shards("m-00001-of-99999.gguf") == ["m-00001-of-99999.gguf"]
