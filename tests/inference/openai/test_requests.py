"""What callers ask for, read and refused."""

import json
from typing import Any

import pytest

from bearhug.base.errors import BadRequest
from bearhug.inference.openai import requests

HELLO = [{"role": "user", "content": "hello"}]
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}


def chat(**more: Any) -> dict[str, Any]:
    return requests.chat({"model": "ada/m", "messages": HELLO, **more}).orders[0]


def test_what_nobody_asked_for_has_the_defaults_of_the_api() -> None:
    sampling = chat()["sampling"]
    assert (sampling["temperature"], sampling["top_p"], sampling["count"]) == (1.0, 1.0, 1)
    assert sampling["max_tokens"] is None
    assert requests.completion({"model": "ada/m", "prompt": "x"}).orders[0]["sampling"]["max_tokens"] == 16


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", 11),
        ("temperature", True),
        ("top_p", 0),
        ("n", 0),
        ("n", 1000),
        ("seed", -1),
        ("stop", [""]),
        ("stop", ["x"] * 17),
        ("max_tokens", 0),
        ("max_tokens", 1.5),
        ("presence_penalty", 3),
        ("logit_bias", {"5": 1}),
        ("response_format", {"type": "xml"}),
        ("response_format", {"type": "json_schema"}),
        ("response_format", "json"),
        ("top_logprobs", 3),
        ("tools", [{"type": "function"}]),
        ("tools", "weather"),
        ("tool_choice", "required"),
        ("tool_choice", {"type": "function", "function": {"name": "unknown"}}),
        ("stream", "yes"),
        ("messages", []),
        ("messages", "hello"),
        ("messages", [{"role": "robot", "content": "x"}]),
        ("messages", [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]),
        ("model", None),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        requests.chat({"model": "ada/m", "messages": HELLO, field: value})
    assert caught.value.fields["param"] == field


@pytest.mark.parametrize("prompt", [None, [], 3, ["x", 3], [[]], [-1], ["x"] * 300, {"a": 1}])
def test_a_prompt_is_text_or_tokens_or_a_list_of_them(prompt: Any) -> None:
    with pytest.raises(BadRequest, match="prompt"):
        requests.completion({"model": "ada/m", "prompt": prompt})


@pytest.mark.parametrize(
    ("prompt", "orders"),
    [
        ("x", [{"text": "x"}]),
        ([5, 6], [{"ids": [5, 6]}]),
        (["x", "y"], [{"text": "x"}, {"text": "y"}]),
        ([[5], [6, 7]], [{"ids": [5]}, {"ids": [6, 7]}]),
    ],
)
def test_every_kind_of_prompt_becomes_an_order(prompt: Any, orders: list[dict[str, Any]]) -> None:
    made = requests.completion({"model": "ada/m", "prompt": prompt}).orders
    assert [{key: one[key] for key in ("text", "ids") if key in one} for one in made] == orders


@pytest.mark.parametrize(
    ("asked", "shape"),
    [
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": {"type": "json_object"}}, ["json", '{"type": "object"}']),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "array"}}}},
            ["json", '{"type": "array"}'],
        ),
        ({"response_format": {"type": "json_object", "value": {"type": "array"}}}, ["json", '{"type": "array"}']),
        ({"guided_regex": "[0-9]+"}, ["regex", "[0-9]+"]),
        ({"structured_outputs": {"choice": ["yes", "no"]}}, ["grammar", 'root ::= "yes" | "no"']),
    ],
)
def test_forms_of_answers_are_read_in_every_dialect(asked: dict[str, Any], shape: list[str] | None) -> None:
    assert chat(**asked)["sampling"]["shape"] == shape


def test_a_forced_tool_shapes_the_answer_and_none_hides_them() -> None:
    forced = chat(tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "weather"}})
    kind, schema = forced["sampling"]["shape"]
    assert kind == "json"
    assert json.loads(schema)["properties"]["name"] == {"const": "weather"}
    assert chat(tools=[WEATHER])["sampling"]["shape"] is None
    assert chat(tools=[WEATHER], tool_choice="none")["tools"] == []


def test_contents_in_parts_become_text_and_past_calls_objects() -> None:
    past = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
    made = requests.messages(
        [
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"role": "assistant", "content": None, "tool_calls": [past]},
            {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
        ]
    )
    assert made[0]["content"] == "ab"
    assert made[1]["tool_calls"][0]["function"]["arguments"] == {"city": "Oslo"}
    assert made[2]["tool_call_id"] == "call_1"
