"""Text from tokens: whole characters, stop words, calls of tools."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.inference.engine import tools
from bearhug.inference.engine.servant import TextServant
from bearhug.inference.engine.words import Stops, Unfolding, Words
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Order

Family = Callable[[str], tuple[Path, Any]]
GREEDY = {"max_tokens": 8, "temperature": 0.0}


@pytest.fixture(scope="module")
def servant(family: Family, tmp_path_factory: pytest.TempPathFactory) -> TextServant:
    folder, _ = family("llama")
    return TextServant(folder=str(folder), graphs=str(tmp_path_factory.mktemp("graphs")), precision="fp32")


def asked(servant: TextServant, **data: Any) -> list[dict[str, Any]]:
    return [item.data for item in servant.answer(Order(data, b"", threading.Event()))]


def test_characters_of_several_tokens_come_whole(family: Family) -> None:
    words = Words(Source(family("llama")[0]))
    unfolding = Unfolding(words)
    said = [unfolding.add([token]) for token in words.encode("a 熊抱🐻 b", special=False)]
    assert "".join(said) + unfolding.rest() == "a 熊抱🐻 b"
    assert all("\ufffd" not in text for text in said)


def test_bytes_that_never_become_a_character_are_said_in_the_end(family: Family) -> None:
    words = Words(Source(family("llama")[0]))
    unfolding = Unfolding(words)
    assert unfolding.add(words.encode("熊", special=False)[:1]) == ""
    assert unfolding.rest() == "\ufffd"


@pytest.mark.parametrize("step", [1, 2, 3, 50])
def test_a_stop_word_ends_the_text_however_it_is_cut(step: int) -> None:
    stops, text, said = Stops(("END", "\n\n")), "one EN two\nthree END four", ""
    for at in range(0, len(text), step):
        said += stops.add(text[at : at + step])
        if stops.found:
            break
    assert said == "one EN two\nthree "
    assert stops.found == "END"


def test_what_only_began_like_a_stop_word_is_said_in_the_end() -> None:
    stops = Stops(("END",))
    assert stops.add("the EN") + stops.rest() == "the EN"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>', ""),
        ('I look.\n<tool_call>{"name": "f", "arguments": {"x": 1}}</tool_call>', "I look."),
        ('[TOOL_CALLS] [{"name": "f", "arguments": {"x": 1}}]', ""),
        ('{"name": "f", "parameters": {"x": 1}}', ""),
        ('```json\n{"name": "f", "arguments": {"x": 1}}\n```', ""),
    ],
)
def test_calls_are_found_in_the_ways_of_every_family(text: str, left: str) -> None:
    assert tools.spoken(text, ["f"]) == (left, [tools.ToolCall("f", '{"x": 1}')])


@pytest.mark.parametrize(
    "text",
    ['{"name": "g", "arguments": {}}', '{"a": 1}', "just text", "<tool_call>{</tool_call>", "```", "```json\n{}\n```"],
)
def test_what_is_no_call_of_an_offered_tool_stays_text(text: str) -> None:
    assert tools.spoken(text, ["f"]) == (text, [])


def test_only_what_may_become_a_call_is_kept_back() -> None:
    kept = ["`", "```", "```js", "```json\n", '```json\n{"name": "f"', '{"name"', "  "]
    assert [tools.certain(text, begun=False) for text in kept] == [0] * len(kept)
    shown = ["```python\nx", "`x`", "```jsonl", "hello"]
    assert [tools.certain(text, begun=False) for text in shown] == [len(text) for text in shown]


def test_an_answer_tells_its_prompt_then_its_text_then_why_it_ended(servant: TextServant) -> None:
    first, *said = asked(servant, do="generate", text="hello", sampling=GREEDY)
    assert first == {"prompt": 5}
    assert sum(one["tokens"] for one in said) <= 8
    assert said[-1]["finish"] in ("length", "stop")


def test_a_conversation_goes_through_the_models_template(servant: TextServant) -> None:
    (told,) = asked(servant, do="tokenize", messages=[{"role": "user", "content": "hi"}])
    (text,) = asked(servant, do="detokenize", ids=told["ids"])
    assert text["text"] == "<|user|>hi\n<|assistant|>"


def test_more_than_the_context_is_refused_with_the_numbers(servant: TextServant) -> None:
    with pytest.raises(BadRequest, match="256 tokens"):
        asked(servant, do="generate", text="x" * 300, sampling=GREEDY)
    with pytest.raises(BadRequest, match="at most 251"):
        asked(servant, do="generate", text="hello", sampling={**GREEDY, "max_tokens": 1000})


def test_what_the_engine_cannot_do_is_refused_before_it_begins(servant: TextServant) -> None:
    with pytest.raises(Unprocessable, match="top_logprobs"):
        asked(servant, do="generate", text="hello", sampling={**GREEDY, "logprobs": True, "top_logprobs": 3})


def test_an_answer_keeps_to_a_form(servant: TextServant) -> None:
    wishes = {**GREEDY, "max_tokens": 40, "shape": ["regex", "[0-9]{3}-[a-c]{2}"]}
    said = asked(servant, do="generate", text="hello", sampling=wishes)
    text = "".join(one.get("text", "") for one in said)
    assert len(text) == 6
    assert text[3] == "-"
