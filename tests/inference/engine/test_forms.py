"""Text generation keeps to a form, alone, in batches and streams; hostile forms are refused in words, and soon."""

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from bearhug.base.errors import BadRequest, HubError
from bearhug.inference.engine.sampling import Finish, Sampling
from bearhug.inference.tasks import table
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.task import never

pytest.importorskip("llguidance")
Family = Callable[[str], tuple[Path, Any]]
AGE = {
    "type": "object",
    "properties": {"name": {"enum": ["ada", "bob"]}, "age": {"type": "integer", "minimum": 1, "maximum": 120}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
PROMPTS = ["ada", "bob lives in paris", "who", "she said that the film was good and"]


@pytest.fixture(scope="module")
def write(family: Family) -> Callable[..., Any]:
    """A writer with weights at random, byte by byte: without a form it writes noise."""
    made: dict[str, Any] = {}

    def get(inputs: Any, *, of: str = "llama", **parameters: Any) -> Any:
        if of not in made:
            made[of] = table.find("text-generation").load(Source(family(of)[0]))
        return made[of](inputs, **checked(made[of].__call__, {"max_new_tokens": 60, **parameters}))

    get.made = made  # type: ignore[attr-defined]
    return get


def schema(**found: Any) -> dict[str, Any]:
    return {"type": "json", "value": found}


@pytest.mark.parametrize("kind", ["json", "json_schema"])
@pytest.mark.parametrize("drawn", [{}, {"do_sample": True, "temperature": 2.0, "seed": 5}])
def test_an_answer_is_what_its_schema_says(write: Callable[..., Any], kind: str, drawn: dict[str, Any]) -> None:
    value = AGE if kind == "json" else {"name": "age", "schema": AGE}
    found = json.loads(write("ada", grammar={"type": kind, "value": value}, **drawn)["generated_text"])
    assert found["name"] in ("ada", "bob")
    assert 1 <= found["age"] <= 120


def test_a_schema_may_come_as_text(write: Callable[..., Any]) -> None:
    said = write("ada", grammar={"type": "json", "value": json.dumps(AGE)})["generated_text"]
    assert set(json.loads(said)) == {"name", "age"}


@pytest.mark.parametrize("more", [{}, {"num_beams": 3}, {"repetition_penalty": 1.3}, {"frequency_penalty": 1.0}])
def test_an_answer_is_what_its_expression_says(write: Callable[..., Any], more: dict[str, Any]) -> None:
    found = write("ada", grammar={"type": "regex", "value": "(yes|no), [0-9]{3}(爱|b+)?"}, details=True, **more)
    assert re.fullmatch("(yes|no), [0-9]{3}(爱|b+)?", found["generated_text"])
    assert found["details"]["finish_reason"] == "eos_token"


def test_every_answer_of_a_batch_keeps_to_the_form_and_ends_by_itself(write: Callable[..., Any]) -> None:
    form = {"type": "regex", "value": "[a-c]{2,9}(x|yz)"}
    together = write(PROMPTS, grammar=form, details=True)
    alone = [write(prompt, grammar=form, details=True) for prompt in PROMPTS]
    assert [one["generated_text"] for one in together] == [one["generated_text"] for one in alone]
    assert all(re.fullmatch(form["value"], one["generated_text"]) for one in together)


def test_a_stream_keeps_to_the_form(write: Callable[..., Any]) -> None:
    write("ada", max_new_tokens=1)
    task = write.made["llama"]  # type: ignore[attr-defined]
    asked = {"grammar": {"type": "regex", "value": "[0-9]{4}"}, "max_new_tokens": 20}
    *_, last = task.stream("ada", asked, never)
    assert re.fullmatch("[0-9]{4}", last["generated_text"])
    assert last["details"]["finish_reason"] == "eos_token"


DEEP: dict[str, Any] = {"type": "string"}
for _ in range(400):
    DEEP = {"type": "object", "properties": {"a": DEEP}}
EXPLODING = [{"anyOf": [{"properties": {f"k{at}": {"const": one}}} for one in range(6)]} for at in range(12)]


@pytest.mark.parametrize(
    "grammar",
    [
        {"type": "regex", "value": "(((("},
        {"type": "regex", "value": ""},
        {"type": "regex", "value": 3},
        {"type": "regex", "value": "(?=a)b"},
        {"type": "regex", "value": "[^\\s\\S]"},
        {"type": "regex", "value": "a{1000000000}"},
        {"type": "regex", "value": "a" * 70_000},
        schema(type="nonsense"),
        schema(**{"$ref": "#"}),
        schema(**{"$ref": "http://127.0.0.1:1/x"}),
        schema(**DEEP),
        schema(allOf=EXPLODING),
        schema(enum=["x" * 70_000]),
        {"type": "json", "value": "{"},
        {"type": "json", "value": [1]},
        {"type": "json", "value": "[" * 50_000},
        {"type": "json_schema", "value": {}},
        {"type": "lark", "value": "start: start"},
        {"value": "a"},
        {},
    ],
)
def test_a_form_that_cannot_be_followed_is_refused_in_words(write: Callable[..., Any], grammar: Any) -> None:
    with pytest.raises(BadRequest, match="grammar"):
        write("ada", grammar=grammar)


@pytest.mark.parametrize(
    "form",
    [
        {"type": "regex", "value": "(a+)+b"},
        {"type": "regex", "value": "((a{1,50}){1,50}){1,50}"},
        {"type": "regex", "value": "((.*a.{30})|(.*b.{31})|(.*c.{32})|(.*d.{33}))x"},
        {"type": "regex", "value": "(.*a){20}.{40}"},
        schema(type="string", minLength=10**9),
        schema(type="array", minItems=10**9, items={"type": "integer"}),
        schema(**{"$defs": {"a": {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/a"}),
        schema(enum=[f"word {at}" for at in range(2000)]),
    ],
)
def test_a_form_that_could_cost_much_is_followed_or_refused_soon(write: Callable[..., Any], form: Any) -> None:
    try:
        assert "generated_text" in write("ada", grammar=form, max_new_tokens=12)
    except HubError as error:
        assert error.http_status in (400, 422)  # noqa: PT017 - both are right


def test_a_tokenizer_that_cannot_be_held_to_forms_says_so(
    write: Callable[..., Any], model: Callable[[str], Path]
) -> None:
    write("ada", max_new_tokens=1)
    task = write.made["llama"]  # type: ignore[attr-defined]
    words = AutoTokenizer.from_pretrained(model("gpt2"))
    other = type(task)(dataclasses.replace(task.parts, tokenizer=words))
    with pytest.raises(BadRequest, match="tokenizer"):
        other("ada", grammar={"type": "regex", "value": "a"})


@pytest.mark.parametrize(
    ("of", "more"),
    [
        ("llama", {}),
        ("qwen3", {"stop": ["e", "a b"]}),
        ("gpt2", {"truncate": 5}),
        ("gpt2", {"repetition_penalty": 1.4}),
    ],
)
def test_prompts_side_by_side_are_continued_as_each_alone(
    write: Callable[..., Any], of: str, more: dict[str, Any]
) -> None:
    together = write(PROMPTS, of=of, max_new_tokens=12, details=True, **more)
    alone = [write(prompt, of=of, max_new_tokens=12, details=True, **more) for prompt in PROMPTS]
    ids = [[[token["id"] for token in one["details"]["tokens"]] for one in found] for found in (together, alone)]
    assert ids[0] == ids[1]
    assert [one["generated_text"] for one in together] == [one["generated_text"] for one in alone]
    assert [one["details"]["finish_reason"] for one in together] == [one["details"]["finish_reason"] for one in alone]


@pytest.mark.parametrize("shape", [("json", json.dumps(AGE)), ("regex", "(yes|no){3}")])
def test_the_exact_engine_keeps_to_forms_beside_others_that_have_none(family: Family, shape: tuple[str, str]) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, _ = family("llama")
    words = AutoTokenizer.from_pretrained(folder)
    engine = TransformersEngine(Source(folder), context=256, tokenizer=words)
    engine.begin(1, [5, 6, 7], Sampling(max_tokens=90, temperature=0, ignore_end=True, shape=shape))
    engine.begin(2, [8, 9], Sampling(max_tokens=10, temperature=0, ignore_end=True))
    said: dict[int, list[int]] = {1: [], 2: []}
    ends: dict[int, Finish | None] = {}
    while len(ends) < 2:
        for piece in engine.step():
            said[piece.key] += piece.ids
            ends.update({piece.key: piece.finish} if piece.finish else {})
    text = words.decode(said[1], skip_special_tokens=True)
    assert ends == {1: Finish.STOP, 2: Finish.LENGTH}
    assert json.loads(text) if shape[0] == "json" else re.fullmatch(shape[1], text)


def test_the_exact_engine_refuses_what_is_no_form_and_goes_on(family: Family) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, _ = family("llama")
    engine = TransformersEngine(Source(folder), context=256, tokenizer=AutoTokenizer.from_pretrained(folder))
    with pytest.raises(ValueError, match="regex"):
        engine.begin(1, [5], Sampling(max_tokens=4, temperature=0, shape=("regex", "((((")))
    engine.begin(2, [5], Sampling(max_tokens=1, temperature=0))
    assert [piece.key for piece in engine.step()] == [2]
