"""The openai client, unmodified, on a language model of the hub: whole, streamed, in a form, many at once."""

import asyncio
import json
import os
import signal
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from huggingface_hub import HfApi
from tests.inference import tiny
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.live_hub import WRONG_TOKEN, LiveHub
from tests.oracle import numbered
from tests.people import ADA, EVE, NOBODY, ROOT, Person
from transformers import AutoTokenizer

pytestmark = [pytest.mark.client, pytest.mark.slow]
HELLO: Any = [{"role": "user", "content": "hello"}]
WEATHER: Any = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"enum": ["Oslo"]}}}},
}
DIGITS = {"type": "object", "properties": {"n": {"enum": [1, 2, 3]}}, "required": ["n"], "additionalProperties": False}


@pytest.fixture(scope="module")
def speaker(ada: HfApi, tmp_path_factory: pytest.TempPathFactory) -> str:
    """ada's private language model."""
    folder: Path = tmp_path_factory.mktemp("speaker")
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    (folder / "README.md").write_text("---\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n")
    repo = f"ada/{numbered('speaker')}"
    ada.create_repo(repo, private=True)
    ada.upload_folder(repo_id=repo, folder_path=folder)
    return repo


def client(hub: LiveHub, person: Person = ADA) -> openai.OpenAI:
    key = hub.token(person) if person is not NOBODY else "hf_nobody"
    return openai.OpenAI(base_url=f"{hub.url}/v1", api_key=key, max_retries=0, timeout=180)


@pytest.fixture
def ask(hub: LiveHub) -> Iterator[openai.OpenAI]:
    with client(hub) as made:
        yield made


@pytest.mark.covers("chat.completions.create", "completions.create", client="openai")
def test_greedy_answers_are_the_same_whole_streamed_and_from_tokens(ask: openai.OpenAI, speaker: str) -> None:
    whole = ask.chat.completions.create(model=speaker, messages=HELLO, max_tokens=12, temperature=0)
    stream = ask.chat.completions.create(
        model=speaker,
        messages=HELLO,
        max_tokens=12,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == whole.choices[0].finish_reason
    prompt = "<|user|>hello\n<|assistant|>"
    text = ask.completions.create(
        model=speaker, prompt=prompt, max_tokens=12, temperature=0, extra_body={"add_special_tokens": False}
    )
    assert text.choices[0].text == said


@pytest.mark.covers("models.list", "models.retrieve", client="openai")
def test_models_are_those_that_one_may_read(hub: LiveHub, ask: openai.OpenAI, speaker: str) -> None:
    assert speaker in {model.id for model in ask.models.list()}
    assert ask.models.retrieve(speaker).owned_by == "ada"
    with client(hub, EVE) as eve:
        assert speaker not in {model.id for model in eve.models.list()}
        with pytest.raises(openai.NotFoundError):
            eve.models.retrieve(speaker)
        with pytest.raises(openai.NotFoundError):
            eve.chat.completions.create(model=speaker, messages=HELLO)


@pytest.mark.covers("n, seed, logprobs, stop", client="openai")
def test_choices_are_drawn_by_seed_and_tell_their_probabilities(ask: openai.OpenAI, speaker: str) -> None:
    def draw() -> Any:
        return ask.completions.create(
            model=speaker, prompt=["one", "two"], n=2, seed=5, max_tokens=6, temperature=1.2, logprobs=1
        )

    first, again = draw(), draw()
    assert [choice.text for choice in first.choices] == [choice.text for choice in again.choices]
    assert [choice.index for choice in first.choices] == [0, 1, 2, 3]
    assert all(value <= 0 for choice in first.choices for value in choice.logprobs.token_logprobs)
    whole = ask.completions.create(model=speaker, prompt="one", max_tokens=12, temperature=0).choices[0].text
    stop = whole[3:5]
    cut = ask.completions.create(model=speaker, prompt="one", max_tokens=12, temperature=0, stop=stop).choices[0]
    assert (cut.text, cut.finish_reason) == (whole[: whole.index(stop)], "stop")


@pytest.mark.covers("response_format, tools", client="openai")
def test_answers_keep_to_a_schema_and_call_tools(ask: openai.OpenAI, speaker: str) -> None:
    form: Any = {"type": "json_schema", "json_schema": {"name": "digit", "schema": DIGITS}}
    answer = ask.chat.completions.create(
        model=speaker, messages=HELLO, response_format=form, max_tokens=100, temperature=0
    )
    if answer.choices[0].finish_reason == "stop":
        assert json.loads(answer.choices[0].message.content or "")["n"] in (1, 2, 3)
    else:
        assert (answer.choices[0].message.content or "").startswith("{")
    called = ask.chat.completions.create(
        model=speaker, messages=HELLO, tools=[WEATHER], tool_choice="required", max_tokens=200, temperature=0, seed=1
    )
    assert called.choices[0].finish_reason in ("tool_calls", "length")


@pytest.mark.covers("errors", client="openai")
def test_what_goes_wrong_is_said_in_the_words_of_the_api(hub: LiveHub, ask: openai.OpenAI, speaker: str) -> None:
    with pytest.raises(openai.NotFoundError, match="owner/name"):
        ask.chat.completions.create(model="gpt-4", messages=HELLO)
    with pytest.raises(openai.BadRequestError, match="context length is 256"):
        ask.completions.create(model=speaker, prompt="x" * 400)
    with pytest.raises(openai.BadRequestError) as caught:
        ask.chat.completions.create(model=speaker, messages=HELLO, temperature=99)
    assert caught.value.param == "temperature"
    with pytest.raises(openai.UnprocessableEntityError, match="top_logprobs"):
        ask.chat.completions.create(model=speaker, messages=HELLO, logprobs=True, top_logprobs=4)
    with client(hub, NOBODY) as nobody, pytest.raises(openai.AuthenticationError):
        nobody.chat.completions.create(model=speaker, messages=HELLO)


@pytest.mark.covers("errors", client="openai")
def test_limits_and_locked_doors_are_the_errors_that_clients_know(hub: LiveHub, speaker: str) -> None:
    wanted: Any = {"messages": HELLO, "max_tokens": 2}
    with client(hub, EVE) as eve, pytest.raises(openai.NotFoundError):
        eve.chat.completions.create(model=speaker, **wanted)
    wrong = openai.OpenAI(base_url=f"{hub.url}/v1", api_key=WRONG_TOKEN, max_retries=0)
    with wrong, pytest.raises(openai.AuthenticationError):
        wrong.embeddings.create(model=speaker, input="x")


@pytest.mark.covers("errors", client="openai")
def test_a_caller_beyond_the_limit_is_told_when_to_try_again_and_does(
    hub: LiveHub, ask: openai.OpenAI, speaker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    try:
        hub.command("settings", "set", "requests_per_minute", "1")
        caught = limited(ask, speaker)
        assert caught is not None
        assert caught.code == "rate_limit_exceeded"
        seconds = int(caught.response.headers["retry-after"])
        assert f"Ask again in {seconds} seconds" in caught.message
        monkeypatch.setattr("openai._base_client.time.sleep", slept.append)
        with pytest.raises(openai.RateLimitError):
            ask.with_options(max_retries=1).completions.create(model=speaker, prompt="x", max_tokens=1)
    finally:
        monkeypatch.undo()
        hub.command("settings", "set", "requests_per_minute", "0")
        assert limited(ask, speaker, wanted=False) is None
    assert [0 < pause <= seconds for pause in slept] == [True]


def limited(ask: openai.OpenAI, speaker: str, *, wanted: bool = True) -> openai.RateLimitError | None:
    """Ask until the running hub has heard of a limit, or of its end."""
    for _ in range(100):
        caught = None
        try:
            ask.completions.create(model=speaker, prompt="x", max_tokens=1)
        except openai.RateLimitError as error:
            caught = error
        if (caught is not None) is wanted:
            return caught
        time.sleep(0.1)
    return caught


def test_two_hundred_requests_at_once_are_all_answered(ask: openai.OpenAI, speaker: str) -> None:
    def one(place: int) -> int:
        answer = ask.completions.create(
            model=speaker, prompt=f"number {place}", max_tokens=5, temperature=0, extra_body={"ignore_eos": True}
        )
        assert answer.usage is not None
        return answer.usage.completion_tokens

    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(one, range(200))) == [5] * 200


def test_a_caller_who_leaves_in_mid_stream_frees_the_engine(hub: LiveHub, ask: openai.OpenAI, speaker: str) -> None:
    body: Any = {"ignore_eos": True}
    stream = ask.completions.create(model=speaker, prompt="x", max_tokens=240, stream=True, extra_body=body)
    next(iter(stream))
    stream.close()
    again = ask.completions.create(model=speaker, prompt="y", max_tokens=3, temperature=0)
    assert again.usage is not None


@pytest.mark.covers("AsyncOpenAI", client="openai")
def test_the_async_client_streams_several_at_once(hub: LiveHub, speaker: str) -> None:
    async def one(made: openai.AsyncOpenAI, place: int) -> int:
        stream = await made.chat.completions.create(
            model=speaker, messages=[{"role": "user", "content": str(place)}], max_tokens=5, stream=True
        )
        return len([chunk async for chunk in stream])

    async def all_of_them() -> list[int]:
        async with openai.AsyncOpenAI(base_url=f"{hub.url}/v1", api_key=hub.token(ADA), timeout=180) as made:
            return await asyncio.gather(*(one(made, place) for place in range(8)))

    assert all(found >= 2 for found in asyncio.run(all_of_them()))


def test_tokens_go_there_and_back(hub: LiveHub, speaker: str) -> None:
    headers = {"authorization": f"Bearer {hub.token(ADA)}"}
    with httpx.Client(base_url=hub.url, headers=headers, timeout=180) as http:
        body = {"model": speaker, "prompt": "熊抱", "add_special_tokens": False}
        told = http.post("/tokenize", json=body).json()
        assert told["count"] == len("熊抱".encode())
        assert told["max_model_len"] == 256
        back = http.post("/detokenize", json={"model": speaker, "tokens": told["tokens"]})
        assert back.json() == {"prompt": "熊抱"}


def workers_of(hub: LiveHub) -> list[int]:
    """The worker processes of this hub, not the one that they are split off nor those that rehearse forms for them."""
    mark = f"HOME={hub.data / 'workers'}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            rehearses = b".rehearsal\0" in (place / "cmdline").read_bytes()
            if not rehearses and mark in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    parents = {int((Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()[1]) for one in found}
    return [one for one in found if one not in parents]


@pytest.mark.covers("embeddings.create", client="openai")
def test_texts_become_vectors_of_the_wanted_length(ask: openai.OpenAI, ada: HfApi, tmp_path: Path) -> None:
    tiny.MODELS["sentences"](tmp_path)
    repo = f"ada/{numbered('sentences')}"
    ada.create_repo(repo)
    ada.upload_folder(repo_id=repo, folder_path=tmp_path)
    texts = ["the film is good", "the film was great", "paris"]
    found = ask.embeddings.create(model=repo, input=texts)
    plain = ask.embeddings.create(model=repo, input=texts, encoding_format="float")
    assert [one.embedding for one in found.data] == [pytest.approx(one.embedding, abs=1e-6) for one in plain.data]
    assert found.usage.prompt_tokens > len(texts)
    short = ask.embeddings.create(model=repo, input=texts[0], dimensions=8).data[0].embedding
    assert len(short) == 8
    assert sum(value * value for value in short) == pytest.approx(1, abs=1e-5)
    ids = AutoTokenizer.from_pretrained(tmp_path)(texts)["input_ids"]
    counted = ask.embeddings.create(model=repo, input=ids)
    assert (len(counted.data), counted.usage) == (3, found.usage)
    assert counted.data[2].embedding == pytest.approx(found.data[2].embedding, abs=1e-5)
    with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False"):
        ask.embeddings.create(model=repo, input=[[9906, 100256]])  # as tiktoken counts
    with pytest.raises(openai.BadRequestError) as caught:
        ask.embeddings.create(model=repo, input=[""])
    assert caught.value.param == "input"


def test_administrators_see_how_models_stand(hub: LiveHub, ask: openai.OpenAI, speaker: str) -> None:
    ask.completions.create(model=speaker, prompt="x", max_tokens=2)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        hub.get("/metrics", token=hub.token(ADA))
    told = hub.get("/metrics", token=hub.new_token(ROOT, "read")).decode()
    assert f'bearhug_worker_requests_running{{model="{speaker}",work="text",state="ready"}} 0' in told


def test_an_engine_that_is_killed_comes_back_and_says_so(hub: LiveHub, ask: openai.OpenAI, speaker: str) -> None:
    ask.completions.create(model=speaker, prompt="x", max_tokens=2)
    workers = workers_of(hub)
    assert workers
    for process in workers:
        os.kill(process, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(lambda: ask.completions.create(model=speaker, prompt="x", max_tokens=2))
        time.sleep(0.5)
        for process in workers:
            os.kill(process, signal.SIGKILL)
        with pytest.raises(openai.InternalServerError, match="killed"):
            asked.result()
    again = ask.completions.create(model=speaker, prompt="x", max_tokens=2)
    assert again.usage is not None
