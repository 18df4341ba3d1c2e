"""Prompts in, answers out, without a server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import bearhug
from bearhug.base.errors import BadRequest
from bearhug.cli.root import main
from bearhug.inference.offline.batch import read

Family = Callable[[str], tuple[Path, Any]]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written graphs go into a folder of the test."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))


@pytest.fixture
def llm(family: Family) -> bearhug.LLM:
    return bearhug.LLM(family("llama")[0], precision="fp32")


def test_many_prompts_are_answered_in_their_order(llm: bearhug.LLM) -> None:
    greedy = bearhug.SamplingParams(temperature=0, max_tokens=6)
    prompts = [f"number {place}" for place in range(100)]
    together = llm.generate(prompts, greedy)
    assert [one.prompt for one in together] == prompts
    assert all(one.outputs[0].token_count <= 6 for one in together)
    for place in (0, 37, 99):
        (alone,) = llm.generate(prompts[place], greedy)
        assert alone.outputs == together[place].outputs


def test_ids_texts_and_conversations_are_prompts(llm: bearhug.LLM) -> None:
    greedy = bearhug.SamplingParams(temperature=0, max_tokens=4)
    (text,) = llm.generate("hello", greedy)
    (ids,) = llm.generate(llm.encode("hello"), greedy)
    (named,) = llm.generate({"prompt_token_ids": llm.encode("hello")}, greedy)
    assert text.outputs == ids.outputs == named.outputs
    (chat,) = llm.chat([{"role": "user", "content": "hello"}], greedy)
    (same,) = llm.generate("<|user|>hello\n<|assistant|>", greedy)
    assert chat.outputs == same.outputs


def test_a_seed_draws_several_answers_again(llm: bearhug.LLM) -> None:
    wishes = bearhug.SamplingParams(n=3, seed=4, temperature=1.3, max_tokens=5, logprobs=1)
    (first,), (again,) = llm.generate("x", wishes), llm.generate("x", wishes)
    assert [one.text for one in first.outputs] == [one.text for one in again.outputs]
    assert all(one.cumulative_logprob < 0 for one in first.outputs)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_batch_is_answered_and_goes_on_where_it_ended(family: Family, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    body = {"max_tokens": 3, "temperature": 0}
    asked = [
        {"custom_id": "a", "url": "/v1/completions", "body": {**body, "prompt": "x"}},
        {"custom_id": "b", "body": {**body, "messages": [{"role": "user", "content": "y"}]}},
        {"custom_id": "c", "url": "/v1/completions", "body": {**body, "prompt": "x", "temperature": 99}},
    ]
    source.write_text("\n".join(json.dumps(one) for one in asked))
    command = ["batch", str(source), "-o", str(target), "--model", str(family("llama")[0])]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert "1 of them with an error" in done.output
    found = {one["custom_id"]: one["response"] for one in lines(target)}
    assert {key: one["status_code"] for key, one in found.items()} == {"a": 200, "b": 200, "c": 400}
    assert found["b"]["body"]["object"] == "chat.completion"
    kept = target.read_bytes()
    target.write_bytes(kept[: kept.index(b"\n") + 20])  # as if it had been broken off in the second line
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 0, again.output
    assert sorted(one["custom_id"] for one in lines(target)) == ["a", "b", "c"]
    assert target.read_bytes().startswith(kept[: kept.index(b"\n") + 1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Line 1"),
        ('{"custom_id": "a", "body": []}', "Line 1"),
        ('{"custom_id": "a", "url": "/v1/other", "body": {}}', "url must be"),
        ('{"custom_id": "a", "body": {}}\n{"custom_id": "a", "body": {}}', "Line 2"),
    ],
)
def test_a_line_that_is_no_request_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "in.jsonl").write_text(text)
    with pytest.raises(BadRequest, match=words):
        list(read(tmp_path / "in.jsonl"))
