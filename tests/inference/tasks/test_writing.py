"""Tasks that write text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.inference.tasks.samples import FILM
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    WatermarkDetector,
    WatermarkingConfig,
)

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.task import never

Do = Callable[..., Any]
Make = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "key", "prefix"),
    [
        ("summarization", "summary_text", "the : "),
        ("translation", "translation_text", "about : "),
        ("text2text-generation", "generated_text", ""),
    ],
)
def test_rewriting_is_what_generate_writes(task: Do, model: Make, name: str, key: str, prefix: str) -> None:
    plain, tokenizer = (kind.from_pretrained(model("t5")) for kind in (AutoModelForSeq2SeqLM, AutoTokenizer))
    batch = tokenizer(prefix + FILM, return_tensors="pt")
    ids = plain.generate(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], max_new_tokens=8)
    expected = tokenizer.decode(ids[0], skip_special_tokens=True)
    write = task(name, "t5")
    assert write(FILM, max_new_tokens=8) == {key: expected}
    assert write([FILM, "good"], generate_parameters={"max_new_tokens": 8})[0] == {key: expected}
    beams = write(FILM, max_new_tokens=8, num_beams=3, num_return_sequences=2)
    assert len(beams) == 2


def test_greedy_text_is_what_generate_writes(task: Do, model: Make) -> None:
    plain, tokenizer = (kind.from_pretrained(model("gpt2")) for kind in (AutoModelForCausalLM, AutoTokenizer))
    ids = tokenizer("我 爱 北 京")["input_ids"][:-1]
    written = plain.generate(torch.tensor([ids]), max_new_tokens=6, do_sample=False)[0, len(ids) :]
    found = task("text-generation", "gpt2")("我 爱 北 京", max_new_tokens=6, details=True)
    assert [one["id"] for one in found["details"]["tokens"]] == written.tolist()
    assert found["details"]["finish_reason"] in ("length", "eos_token")
    assert all(one["logprob"] <= 0 for one in found["details"]["tokens"])


def test_the_prompt_comes_back_when_it_is_wanted(task: Do) -> None:
    write = task("text-generation", "gpt2")
    new = write("ada lives", max_new_tokens=4)["generated_text"]
    assert write("ada lives", max_new_tokens=4, return_full_text=True)["generated_text"] == "ada lives" + new


def test_a_seed_makes_chance_repeat_itself(task: Do) -> None:
    write = task("text-generation", "gpt2")
    options = {"max_new_tokens": 12, "do_sample": True, "temperature": 1.5, "top_k": 50, "top_p": 0.95}
    assert write("ada", seed=1, **options) == write("ada", seed=1, **options)
    assert write("ada", seed=1, **options) != write("ada", seed=2, **options)


def test_several_sequences_come_as_a_list(task: Do) -> None:
    write = task("text-generation", "gpt2")
    assert len(write("ada", num_return_sequences=3, max_new_tokens=4)) == 3
    assert len(write("ada", num_return_sequences=2, num_beams=4, max_new_tokens=4)) == 2
    assert [len(row) for row in write(["ada", "bob"], num_return_sequences=2, max_new_tokens=4)] == [2, 2]


def test_a_stop_word_ends_the_text(task: Do) -> None:
    write = task("text-generation", "gpt2")
    whole = write("ada lives", max_new_tokens=12)["generated_text"]
    word = whole.split()[-1]
    found = write("ada lives", max_new_tokens=12, stop=[word], details=True)
    assert word not in found["generated_text"]
    assert found["details"]["finish_reason"] == "stop_sequence"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": -1.0}, "temperature"),
        ({"top_p": 2.0}, "top_p"),
        ({"num_beams": 2, "num_return_sequences": 3}, "num_return_sequences"),
        ({"do_sample": False, "num_return_sequences": 2}, "the same"),
        ({"max_new_tokens": 100}, "at most 64"),
        ({"num_beams": 1000}, "num_beams"),
    ],
)
def test_what_cannot_be_is_said_in_words(task: Do, options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        task("text-generation", "gpt2")("ada", **options)


def test_a_prompt_beyond_the_context_is_refused_or_cut(task: Do) -> None:
    write = task("text-generation", "gpt2")
    with pytest.raises(BadRequest, match="at most 64"):
        write("ada " * 100, max_new_tokens=4)
    assert write("ada " * 100, truncate=20, max_new_tokens=4)["generated_text"]


def test_who_left_is_not_written_for(task: Do) -> None:
    write = task("text-generation", "gpt2")
    write.stop = lambda: True
    try:
        assert len(write("ada", max_new_tokens=30, details=True)["details"]["tokens"]) <= 1
    finally:
        write.stop = never


def test_messages_need_a_template(task: Do) -> None:
    with pytest.raises(BadRequest, match="template"):
        task("text-generation", "gpt2")([{"role": "user", "content": "hm"}])


def test_parameters_are_checked_before_the_model_sees_them(task: Do) -> None:
    write = task("text-generation", "gpt2").__call__
    assert checked(write, {"max_new_tokens": 3, "top_p": 1, "seed": None}) == {"max_new_tokens": 3, "top_p": 1.0}
    for wrong in ({"max_new_tokens": "3"}, {"max_new_tokens": True}, {"stop": "x"}, {"trust_remote_code": True}):
        with pytest.raises(BadRequest):
            checked(write, wrong)


def test_the_best_of_several_is_the_likeliest(task: Do) -> None:
    write = task("text-generation", "gpt2")
    options = {"max_new_tokens": 6, "temperature": 1.5, "seed": 3, "details": True}
    drawn = write("ada lives", num_return_sequences=4, **options)
    best = write("ada lives", best_of=4, **options)
    means = {one["generated_text"]: mean_of(one["details"]) for one in drawn}
    assert best["generated_text"] == max(means, key=lambda text: means[text])
    others = best["details"]["best_of_sequences"]
    assert sorted([best["generated_text"], *(one["generated_text"] for one in others)]) == sorted(
        one["generated_text"] for one in drawn
    )
    for wrong in ({"best_of": 2}, {"best_of": 2, "num_beams": 2}, {"best_of": 99, "temperature": 1.0}):
        with pytest.raises(BadRequest, match="best_of"):
            write("ada", **wrong)


def mean_of(details: dict[str, Any]) -> float:
    chances: list[float] = [token["logprob"] for token in details["tokens"]]
    return sum(chances) / len(chances)


def test_details_tell_the_prompt_and_what_else_was_likely(task: Do) -> None:
    write = task("text-generation", "gpt2")
    greedy: dict[str, Any] = {"max_new_tokens": 4, "do_sample": False, "details": True}
    told = write("ada lives in", top_n_tokens=3, decoder_input_details=True, **greedy)["details"]
    assert [len(place) for place in told["top_tokens"]] == [3] * len(told["tokens"])
    assert [place[0]["id"] for place in told["top_tokens"]] == [token["id"] for token in told["tokens"]]
    assert [token["logprob"] for token in told["tokens"]] == pytest.approx(
        [token["logprob"] for token in write("ada lives in", **greedy)["details"]["tokens"]], abs=1e-5
    )
    first, *others = told["prefill"]
    assert first["logprob"] is None
    assert all(token["logprob"] <= 0 for token in others)
    assert [token["text"] for token in told["prefill"]][-3:] == ["ada", "lives", "in"]
    events = list(write.stream("ada lives in", {"max_new_tokens": 4, "top_n_tokens": 3}, lambda: False))
    assert [[token["id"] for token in event["top_tokens"]] for event in events] == [
        [token["id"] for token in place] for place in told["top_tokens"]
    ]
    with pytest.raises(BadRequest, match='send "details": true'):
        write("ada", top_n_tokens=2)
    with pytest.raises(BadRequest, match="between 0 and 20"):
        write("ada", top_n_tokens=21, details=True)
    for name in ("decoder_input_details", "best_of"):
        with pytest.raises(BadRequest, match="stream"):
            next(write.stream("ada", {name: 2}, lambda: False))


def test_frequent_tokens_become_unlikely(task: Do) -> None:
    write = task("text-generation", "gpt2")
    options: dict[str, Any] = {"max_new_tokens": 24, "details": True, "do_sample": False}
    plain, varied = (write("ada", frequency_penalty=number, **options) for number in (0.0, 2.0))

    def repeats(found: dict[str, Any]) -> int:
        ids = [token["id"] for token in found["details"]["tokens"]]
        return len(ids) - len(set(ids))

    assert repeats(varied) < repeats(plain)


def test_a_watermark_is_found_again(task: Do, model: Make) -> None:
    write = task("text-generation", "gpt2")
    options: dict[str, Any] = {
        "max_new_tokens": 40,
        "min_new_tokens": 40,
        "do_sample": True,
        "seed": 1,
        "details": True,
    }
    ids = [
        [token["id"] for token in write("ada lives", watermark=marked, **options)["details"]["tokens"]]
        for marked in (False, True)
    ]
    detect: Any = WatermarkDetector(write.config, "cpu", WatermarkingConfig())
    plain, marked = detect(torch.tensor(ids), return_dict=True).z_score
    assert marked > 3 > plain


def test_what_others_servers_have_is_refused_with_what_does_the_same(task: Do) -> None:
    take = task("text-generation", "gpt2").__call__
    with pytest.raises(BadRequest, match=r'no parameter "adapter_id".*ask for it by its own name'):
        checked(take, {"adapter_id": "ada/lora"})
