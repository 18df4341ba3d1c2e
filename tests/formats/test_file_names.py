"""File names that are no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.file_names import encoded, meant, spelled


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"caf\xe9.txt", "caf\ufffdE9.txt"),
        ("\u6570\u636e".encode("gbk"), "\ufffdCA\ufffdFD\ufffdBE\ufffdDD"),
        ("caf\u00e9.txt".encode(), "caf\u00e9.txt"),
        (b"plain.txt", "plain.txt"),
    ],
)
def test_bytes_that_are_no_text_are_spelled(raw: bytes, text: str) -> None:
    assert spelled(raw.decode("utf-8", "surrogateescape")) == text


@given(st.binary())
def test_names_are_found_again_by_their_spelling(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    spelling = spelled(name)
    assert spelling.encode().decode() == spelling
    if "\ufffd" not in name:
        assert meant(spelling) == name


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_can_be_encoded(text: str) -> None:
    encoded(text).decode()
