"""What people typed stays one value in every language: nothing in it ends a quote."""

import ast
import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.inference.code import talks, tasks, words
from bearhug.inference.run.forms import FORMS
from bearhug.inference.run.widget import widget_of

TEXTS = st.text(max_size=40)
URL = "http://hub.test"
ODD = 'it\'s "me" $HOME `ls` \\ \n {} 熊'


@given(TEXTS)
def test_python_reads_back_what_was_typed(text: str) -> None:
    assert ast.literal_eval(words.python({"a": [text, True, None, 0.5]})) == {"a": [text, True, None, 0.5]}


@given(TEXTS.filter(lambda text: "\0" not in text))
def test_a_shell_reads_back_what_was_typed(text: str) -> None:
    parts = shlex.split(words.curl(f"{URL}/v1", {"prompt": text}).replace("\\\n", " "))
    assert json.loads(parts[-1]) == {"prompt": text}


def test_every_task_has_code_in_every_language() -> None:
    for task in FORMS:
        widget = widget_of("ada/m", {"pipeline_tag": task})
        assert widget is not None
        found = widget.samples(URL)
        assert [one.language for one in found] == ["shell", "python", "javascript"]
        for one in found:
            assert f"{URL}/models/ada/m" in one.code
            assert "HF_TOKEN" in one.code
        ast.parse(found[1].code)


@pytest.mark.parametrize("asked", [{"messages": [{"role": "user", "content": ODD}]}, {"prompt": ODD}])
def test_fields_that_a_client_does_not_know_go_beside(asked: dict[str, Any]) -> None:
    found = talks.samples(URL, {"model": "ada/m", **asked, "top_k": 5, "temperature": 0, "stop": [ODD]})
    by = {(one.language, one.by): one.code for one in found}
    assert 'extra_body={"top_k": 5}' in by["python", "openai"]
    for (language, _), text in by.items():
        if language == "python":
            ast.parse(text)
    assert "do_sample" not in by["python", "huggingface_hub"]


def test_a_revision_is_named_where_that_is_possible() -> None:
    found = talks.samples(URL, {"model": "ada/m@v1", "prompt": "x"})
    assert [one.by for one in found] == ["curl", "openai", "openai"]
    assert all("ada/m@v1" in one.code for one in found)


def test_a_question_without_a_shape_has_no_code() -> None:
    widget = widget_of(
        "ada/m", {"pipeline_tag": "table-question-answering"}, values={"question": "?", "table": "a,b\n1"}
    )
    assert widget is not None
    assert widget.samples(URL) == []


def test_labels_are_a_list_however_they_were_typed() -> None:
    found = tasks.samples("zero-shot-classification", URL, {"inputs": "x", "parameters": {"candidate_labels": "a, b,"}})
    assert 'candidate_labels=["a", "b"]' in found[1].code
