"""Notebooks, honest and hostile."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.notebook import NotebookError, parse, plain

LIMIT = 1 << 20


def book(*cells: object, **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "cells": cells, **more}).encode()


def test_the_richest_form_of_an_output_is_taken() -> None:
    data = {"text/plain": "x", "text/html": ["<b>", "x</b>"]}
    cell = {"cell_type": "code", "source": "1", "outputs": [{"output_type": "display_data", "data": data}]}
    (output,) = parse(book(cell), limit=LIMIT).cells[0].outputs
    assert (output.kind, output.text) == ("html", "<b>x</b>")


def test_pictures_are_written_anew_so_that_nothing_else_is_in_them() -> None:
    data = {"image/png": 'aGk=" onerror="alert(1)', "text/plain": "a picture"}
    cell = {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": data}]}
    (output,) = parse(book(cell), limit=LIMIT).cells[0].outputs
    assert (output.kind, output.text) == ("text", "a picture")
    data["image/png"] = "aG\nk="
    (output,) = parse(book(cell), limit=LIMIT).cells[0].outputs
    assert output.text == "data:image/png;base64,aGk="


def test_colours_and_overwritten_lines_are_taken_out_of_what_was_printed() -> None:
    assert plain("\x1b[31mred\x1b[0m\n10%\r100%\r\n\x1b]0;title\x07end\x00") == "red\n100%\nend"


def test_old_notebooks_keep_their_cells_in_sheets() -> None:
    cells = [{"cell_type": "code", "input": "print", "prompt_number": 3, "outputs": []}]
    found = parse(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode(), limit=LIMIT)
    assert (found.cells[0].source, found.cells[0].count) == ("print", 3)


def test_the_language_is_a_name_and_nothing_else() -> None:
    assert parse(book({}, metadata={"language_info": {"name": "Julia"}}), limit=LIMIT).language == "julia"
    assert parse(book({}, metadata={"language_info": {"name": "<script>"}}), limit=LIMIT).language == "python"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"cells": 3}', b"[" * 100_000, b'{"cells": ' + b"[" * 200])
def test_what_is_no_notebook_is_refused(data: bytes) -> None:
    with pytest.raises(NotebookError):
        parse(data, limit=LIMIT)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES, VALUES, VALUES)
def test_any_values_in_a_cell_make_a_cell(source: object, outputs: object, data: object) -> None:
    shown = {"output_type": "display_data", "data": data}
    cells = [
        {"cell_type": "code", "source": source, "outputs": outputs, "execution_count": data},
        {"cell_type": "code", "source": source, "outputs": [shown, outputs]},
        {"cell_type": source, "source": outputs},
        data,
    ]
    assert len(parse(book(*cells), limit=LIMIT).cells) == 4
