"""Files that were made to be slow, large or deep."""

import gzip
import json
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.parquet_sample import SAMPLE
from tests.hub.previews import samples

from bearhug.base.content import Content
from bearhug.hub.previews.kinds import KINDS
from bearhug.hub.previews.records import Sight, Unreadable
from bearhug.hub.previews.texts import beginning, decoded, first_bytes

LOOKS = {ending: kind.look for kind in KINDS for ending in kind.endings}
PATIENCE = 20.0
"""Seconds of the processor; far more than any of these takes, far less than what they were made for."""


class Counted:
    """A content that counts the bytes which are read of it."""

    def __init__(self, data: bytes, name: str, size: int | None = None) -> None:
        self.read = 0
        self._data = data
        self.sight = Sight(name, Content(size or len(data), '"x"', read=self._read))

    def _read(self, start: int, size: int) -> bytes:
        found = self._data[start : start + size]
        self.read += len(found)
        return found


def look(name: str, data: bytes) -> object:
    """What a file is shown as; None where it is not what its name says."""
    ending = name[name.index(".") :]
    try:
        return LOOKS[ending](Counted(data, name).sight)
    except Unreadable:
        return None


def bomb() -> bytes:
    """A zip whose list says that it unpacks to far more than there is."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2000):
            archive.writestr(f"{number}.txt", bytes(100_000))
    return made.getvalue()


HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "a million columns": lambda: ("a.csv", b"x," * 1_000_000 + b"\n" + b"1," * 1_000_000),
    "quotes that never end": lambda: ("a.csv", b'a,b\n"' + b'""' * 500_000),
    "a cell as long as the file": lambda: ("a.csv", b"a,b\n1," + b"x" * 3_000_000),
    "line ends only": lambda: ("a.csv", b"\r" * 1_000_000),
    "deep lists": lambda: ("a.json", b"[" * 500_000 + b"]" * 500_000),
    "a hundred levels": lambda: ("a.json", b'{"a":' * 99 + b"1" + b"}" * 99),
    "a million numbers": lambda: ("a.json", b"[" + b"1," * 1_000_000 + b"1]"),
    "a long number": lambda: ("a.json", b"1" * 1_000_000),
    "long lines": lambda: ("a.jsonl", b'{"a":"' + b"x" * 3_000_000 + b'"}'),
    "many short lines": lambda: ("a.jsonl", b"1\n" * 500_000),
    "a notebook of nothing": lambda: ("a.ipynb", json.dumps({"nbformat": 4, "cells": [{}] * 100_000}).encode()),
    "tangled html": lambda: ("a.ipynb", json.dumps(_notebook("<b><i>" * 20_000)).encode()),
    "a zip bomb": lambda: ("a.zip", bomb()),
    "a gzip bomb": lambda: ("a.tar.gz", gzip.compress(bytes(200_000_000), 9)),
    "a tar of nothing": lambda: ("a.tar", bytes(3_000_000)),
    "a tar of many": lambda: ("a.tar", samples.tarred([str(number) for number in range(3000)])),
    "a parquet of lengths": lambda: ("a.parquet", b"PAR1" + b"\x19\xfc" + b"\xff" * 60 + b"\x40\0\0\0PAR1"),
}


def _notebook(html: str) -> dict[str, object]:
    output = {"output_type": "display_data", "data": {"text/html": html}}
    return {"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [output]}]}


@pytest.mark.parametrize("case", list(HOSTILE))
def test_no_file_holds_up_the_hub(case: str) -> None:
    name, data = HOSTILE[case]()
    before = time.process_time()
    shown = look(name, data)
    assert time.process_time() - before < PATIENCE
    assert len(repr(shown)) < 4_000_000


MUTATED = {
    "a.parquet": SAMPLE,
    "a.zip": samples.zipped(["a", "b"]),
    "a.tar": samples.tarred(["a", "b"]),
    "a.tar.gz": samples.tarred(["a"], "w:gz"),
    "a.safetensors": samples.safetensors(),
    "a.ipynb": json.dumps(samples.NOTEBOOK).encode(),
    "a.csv": samples.CSV.encode(),
    "a.json": b'{"a": [1, 2, {"b": null}]}',
    "a.jsonl": b'{"a": 1}\n{"b": 2}\n',
    "a.pdf": samples.pdf(),
    "a.png": samples.PNG,
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(MUTATED)), st.data())
def test_a_damaged_file_is_shown_or_not_but_breaks_nothing(name: str, draw: st.DataObject) -> None:
    data = bytearray(MUTATED[name])
    for place in draw.draw(st.lists(st.integers(0, len(data) - 1), max_size=4)):
        data[place] = draw.draw(st.integers(0, 255))
    look(name, bytes(data[: draw.draw(st.integers(1, len(data)))]))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.safetensors", "a.txt"])
def test_only_a_part_of_a_huge_file_is_read(name: str) -> None:
    start = samples.safetensors() if name.endswith("safetensors") else b'{"a":1}\n' * 400_000
    counted = Counted(start, name, size=1 << 40)
    with suppress(Unreadable):
        LOOKS.get(name[1:], beginning)(counted.sight)
    assert counted.read < 3_000_000


def test_texts_are_told_from_bytes() -> None:
    assert decoded("熊".encode()[:2], cut=True) == ("", "utf-8")
    assert decoded("熊猫".encode("gb18030"), cut=False) == ("熊猫", "gb18030")
    assert decoded("\ufeff熊".encode(), cut=False) == ("熊", "utf-8")
    assert decoded("\ufeff熊".encode("utf-16-le"), cut=False) == ("熊", "utf-16-le")
    assert decoded(bytes(range(256)), cut=False) is None


def test_the_first_bytes_of_anything_tell_what_it_may_be() -> None:
    shown = first_bytes(Counted(b"\x93NUMPY" + bytes(300), "a").sight)
    assert shown is not None
    assert shown.what == "NumPy array"
    assert len(shown.rows) == 16
