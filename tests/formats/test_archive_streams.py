"""Archives written from front to back are what the standard library reads."""

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.tar_stream import TarGzStream
from bearhug.formats.zip_stream import ZipStream

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=80)
FILES = st.dictionaries(NAMES, st.tuples(st.lists(st.binary(max_size=300), max_size=4), st.sampled_from([0, 1, 6])))


@given(files=FILES)
def test_a_zip_gives_back_what_went_in(files: dict[str, tuple[list[bytes], int]]) -> None:
    stream = ZipStream((2024, 2, 29, 12, 30, 59))
    pieces = [
        piece for name, (blocks, level) in files.items() for piece in stream.file(f"x/{name}", blocks, level=level)
    ]
    found = zipfile.ZipFile(io.BytesIO(b"".join([*pieces, stream.end()])))
    assert found.testzip() is None
    assert len(found.namelist()) == len(files)
    read = [found.read(item) for item in found.infolist()]
    assert read == [b"".join(blocks) for blocks, _ in files.values()]
    assert all(item.date_time == (2024, 2, 29, 12, 30, 58) for item in found.infolist())


@given(files=FILES)
def test_a_tar_gives_back_what_went_in(files: dict[str, tuple[list[bytes], int]]) -> None:
    stream = TarGzStream(1_700_000_000)
    pieces: list[bytes] = []
    for name, (blocks, level) in files.items():
        pieces += stream.file(f"x/{name}", sum(map(len, blocks)), blocks, level=level)
    whole = b"".join([*pieces, stream.end()])
    assert gzip.decompress(whole)
    with tarfile.open(fileobj=io.BytesIO(whole)) as found:
        contents = [file.read() for item in found.getmembers() if (file := found.extractfile(item))]
        names = found.getnames()
    assert contents == [b"".join(blocks) for blocks, _ in files.values()]
    assert names == [f"x/{name}" for name in files]


def test_a_tar_takes_no_other_length_than_was_announced() -> None:
    with pytest.raises(ValueError, match="3 bytes were announced"):
        list(TarGzStream(0).file("a", 3, [b"abcd"]))


def test_names_that_are_no_text_come_back_from_a_tar() -> None:
    stream = TarGzStream(0)
    name = b"latin-\xe9".decode("utf-8", "surrogateescape")
    whole = b"".join([*stream.file(name, 1, [b"x"]), stream.link("l" * 300, "a"), stream.end()])
    with tarfile.open(fileobj=io.BytesIO(whole)) as found:
        assert found.getnames() == [name, "l" * 300]


def test_a_zip_takes_no_name_that_its_field_cannot_hold() -> None:
    with pytest.raises(ValueError, match="65535"):
        list(ZipStream((2000, 1, 1, 0, 0, 0)).file("x" * 70_000, []))
