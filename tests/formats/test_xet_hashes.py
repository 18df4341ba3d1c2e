"""Xet hashes and their text, against what the official client gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.xet_samples import HELLO, HELLO_HASH, HELLO_KEYED, HELLO_RANGE, HELLO_TEXT

from bearhug.formats.xet_errors import XetFormatError, XetHashError
from bearhug.formats.xet_hashes import (
    ZERO_HASH,
    chunk_hash,
    dedup_eligible,
    hash_from_text,
    hash_to_text,
    keyed_hashes,
    range_hash,
    swap_groups,
)

RISING = bytes(range(32))


def test_text_reverses_each_group_of_eight() -> None:
    assert hash_to_text(RISING) == "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918"


def test_a_chunk_has_the_hash_of_the_official_client() -> None:
    assert chunk_hash(HELLO) == chunk_hash(memoryview(HELLO)) == HELLO_HASH
    assert hash_to_text(HELLO_HASH) == HELLO_TEXT


def test_a_range_has_the_hash_of_the_official_client() -> None:
    assert hash_to_text(range_hash(HELLO_HASH)) == HELLO_RANGE


def test_a_keyed_hash_is_that_of_the_official_client() -> None:
    assert hash_to_text(keyed_hashes(HELLO_HASH, RISING)) == HELLO_KEYED
    assert keyed_hashes(HELLO_HASH * 3, RISING) == keyed_hashes(HELLO_HASH, RISING) * 3


def test_the_zero_key_leaves_hashes_as_they_are() -> None:
    assert keyed_hashes(HELLO_HASH * 2, ZERO_HASH) == HELLO_HASH * 2


@given(st.binary(min_size=32, max_size=32))
def test_a_hash_survives_its_text(raw: bytes) -> None:
    assert hash_from_text(hash_to_text(raw)) == raw
    assert swap_groups(swap_groups(raw)) == raw


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "0" * 63 + "g", "A" * 64, "0" * 63 + "\n", "٠" * 64])
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(XetHashError):
        hash_from_text(text)


def test_a_list_that_is_not_whole_is_refused() -> None:
    for wrong in (lambda: hash_to_text(b"x" * 31), lambda: range_hash(b"x" * 33), lambda: keyed_hashes(b"", b"k")):
        with pytest.raises(XetFormatError):
            wrong()


def test_one_hash_in_1024_is_asked_about() -> None:
    asked, not_asked = bytes(24) + (5 * 1024).to_bytes(8, "little"), bytes(24) + (1023).to_bytes(8, "little")
    assert dedup_eligible(asked + not_asked + asked).tolist() == [True, False, True]
    assert dedup_eligible(b"").tolist() == []
