"""huggingface_hub's InferenceClient against models of this hub, with nothing but its address."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import AsyncInferenceClient, HfApi, InferenceClient
from PIL import Image
from tests.clients.tiny_models import TinyModels, lora
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound
from tests.live_hub import LiveHub
from tests.people import ADA

pytestmark = pytest.mark.client

CLIENT = "InferenceClient"
HELLO = [{"role": "user", "content": "hello"}]
SIZE: dict[str, Any] = {"max_new_tokens": 6}
DIGIT = {"type": "object", "properties": {"n": {"enum": [1, 2]}}, "required": ["n"], "additionalProperties": False}
Ask = Callable[..., InferenceClient]
EVERY_TASK: list[tuple[str, str, str | None, tuple[Any, ...], dict[str, Any]]] = [
    ("token_classification", "bert-ner", None, (CONTEXT,), {}),
    ("question_answering", "bert-qa", None, (), {"question": "where is ada ?", "context": CONTEXT}),
    ("fill_mask", "bert-mlm", None, ("ada lives in [MASK]",), {}),
    ("zero_shot_classification", "bert-nli", None, (FILM, ["film", "city"]), {}),
    ("table_question_answering", "tapas", None, (TABLE, "who lives in paris ?"), {}),
    ("sentence_similarity", "sentences", None, (FILM, [FILM, "paris"]), {}),
    ("feature_extraction", "sentences", "feature-extraction", (FILM,), {}),
    ("summarization", "t5", None, (FILM,), {"generate_parameters": SIZE}),
    ("translation", "t5", "translation", (FILM,), {"generate_parameters": SIZE}),
    ("image_classification", "vit", None, (picture(),), {}),
    ("zero_shot_image_classification", "clip", None, (picture(), ["bear", "cat"]), {}),
    ("image_segmentation", "segformer", None, (picture(),), {}),
    ("image_to_image", "segformer", "background-removal", (picture(),), {}),
    ("object_detection", "yolos", None, (picture(),), {"threshold": 0.01}),
    ("image_to_text", "caption", None, (picture(),), {}),
    ("automatic_speech_recognition", "ctc", None, (sound(),), {}),
    ("audio_classification", "sounds", None, (sound(),), {}),
    ("text_generation", "gpt2", None, ("ada lives",), {"max_new_tokens": 4}),
    ("chat_completion", "speaker", None, (HELLO,), {"max_tokens": 4}),
]


@pytest.fixture(scope="module")
def place(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    return TinyModels(hub, tmp_path_factory.mktemp("models"), "run")


@pytest.fixture(scope="module")
def client(place: TinyModels) -> Ask:
    return lambda name, task=None: InferenceClient(base_url=place(name, task))


@pytest.mark.covers("text_classification, token_classification, zero_shot_classification", client=CLIENT)
def test_texts_are_judged(client: Ask) -> None:
    assert client("bert-classifier").text_classification(FILM)[0].label in ("NEGATIVE", "POSITIVE")
    assert len(client("bert-classifier").text_classification(FILM, top_k=1)) == 1
    labels = client("bert-nli").zero_shot_classification(FILM, candidate_labels=["film", "city"], multi_label=True)
    assert {one.label for one in labels} == {"film", "city"}
    for entity in client("bert-ner").token_classification(CONTEXT, aggregation_strategy="first"):
        assert CONTEXT[entity.start : entity.end]
        assert entity.entity_group in ("PER", "LOC")


@pytest.mark.covers("question_answering, table_question_answering, fill_mask", client=CLIENT)
def test_texts_are_read_and_answered_from(client: Ask) -> None:
    answer = client("bert-qa").question_answering(question="where is ada ?", context=CONTEXT)
    assert CONTEXT[answer.start : answer.end] == answer.answer  # type: ignore[union-attr]
    assert client("bert-mlm").fill_mask("ada lives in [MASK]", top_k=2)[1].token_str
    table = client("tapas").table_question_answering(table=TABLE, query="who lives in paris ?")
    assert table.aggregator is not None
    assert client("sentences").sentence_similarity(FILM, other_sentences=[FILM, "paris"])[0] == pytest.approx(
        1, abs=1e-4
    )


@pytest.mark.covers("feature_extraction, sentence_similarity", client=CLIENT)
def test_vectors_come_by_their_own_address(place: TinyModels) -> None:
    found = InferenceClient(base_url=place("sentences") + "/pipeline/feature-extraction").feature_extraction(FILM)
    assert found.shape == (32,)


@pytest.mark.covers("summarization, translation", client=CLIENT)
def test_texts_are_written_anew(client: Ask) -> None:
    assert client("t5").summarization(FILM, generate_parameters=SIZE).summary_text is not None
    translated = client("t5", "translation").translation(FILM, generate_parameters=SIZE)
    assert translated.translation_text is not None


@pytest.mark.covers("text_generation", client=CLIENT)
def test_texts_go_on(client: Ask) -> None:
    written = client("gpt2").text_generation("ada lives", max_new_tokens=6, details=True)
    assert len(written.details.tokens) <= 6  # type: ignore[union-attr]
    whole = client("gpt2").text_generation("ada lives", max_new_tokens=6, return_full_text=True)
    assert whole.startswith("ada lives")


FORMS: list[tuple[dict[str, Any], str]] = [
    ({"type": "regex", "value": "[a-c]{3}"}, "[a-c]{3}"),
    ({"type": "json", "value": DIGIT}, r'\{\s*"n"\s*:\s*[12]\s*\}'),
    ({"type": "json_schema", "value": {"name": "digit", "schema": DIGIT}}, r'\{\s*"n"\s*:\s*[12]\s*\}'),
]


@pytest.mark.covers("text_generation", client=CLIENT)
@pytest.mark.parametrize(("grammar", "form"), FORMS)
def test_text_keeps_to_a_grammar_whole_and_streamed(place: TinyModels, grammar: Any, form: str) -> None:
    options: Any = {"max_new_tokens": 120, "grammar": grammar, "repetition_penalty": 2.0}
    with InferenceClient(base_url=place("speaker")) as client:
        whole = client.text_generation("hello", **options)
        streamed = "".join(client.text_generation("hello", stream=True, **options))
    assert re.fullmatch(form, whole), whole
    assert streamed == whole


@pytest.mark.covers("text_generation", client=CLIENT)
def test_a_grammar_that_is_none_is_refused_in_words(place: TinyModels) -> None:
    from huggingface_hub.errors import BadRequestError

    with (
        InferenceClient(base_url=place("speaker")) as client,
        pytest.raises(BadRequestError, match="cannot be followed"),
    ):
        client.text_generation("hello", grammar={"type": "regex", "value": "(("})  # type: ignore[arg-type]


@pytest.mark.covers("text_generation", client=CLIENT)
def test_an_adapter_answers_together_with_its_base(hub: LiveHub, place: TinyModels, tmp_path: Path) -> None:
    base = place("speaker").removeprefix(f"{hub.url}/models/")
    lora(tmp_path, base)
    api = HfApi(hub.url, token=hub.token(ADA))
    name = api.create_repo(f"{base}-lora").repo_id
    api.upload_folder(repo_id=name, folder_path=tmp_path)
    assert api.model_info(name).pipeline_tag == "text-generation"
    said = []
    for address in (name, base):
        with InferenceClient(base_url=f"{hub.url}/models/{address}") as client:
            task = client.text_generation("hello", max_new_tokens=6, do_sample=False)
            said += [task, client.chat_completion(HELLO, max_tokens=6, temperature=0).choices[0].message.content]
    assert set(said[:2]).isdisjoint(said[2:])


@pytest.mark.covers("text_generation", client=CLIENT)
def test_text_comes_token_by_token(place: TinyModels) -> None:
    options = {"max_new_tokens": 6, "details": True, "stream": True}
    with InferenceClient(base_url=place("gpt2")) as client:
        heard = list(client.text_generation("ada lives", **options))  # type: ignore[call-overload]
    assert [one.index for one in heard] == list(range(1, len(heard) + 1))
    assert heard[-1].details.generated_tokens == len(heard)
    whole = heard[-1].generated_text
    assert "".join(one.token.text for one in heard) == whole

    async def ask() -> list[str]:
        async with AsyncInferenceClient(base_url=place("gpt2")) as client:
            return [text async for text in await client.text_generation("ada lives", max_new_tokens=6, stream=True)]

    assert "".join(asyncio.run(ask())) == whole


@pytest.mark.covers("image_classification, image_segmentation, object_detection, image_to_text", client=CLIENT)
def test_pictures_are_sent_as_they_are_and_with_parameters(client: Ask) -> None:
    assert client("vit").image_classification(picture())[0].label in ("bear", "cat", "cup")
    assert len(client("vit").image_classification(picture(), top_k=1)) == 1
    segments = client("segformer").image_segmentation(picture())
    assert all(one.mask.size == (48, 40) for one in segments)  # type: ignore[attr-defined]
    boxes = client("yolos").object_detection(picture(), threshold=0.01)
    assert boxes
    assert all(0 <= one.box.xmin <= one.box.xmax <= 48 for one in boxes)
    assert client("caption").image_to_text(picture()).generated_text is not None


@pytest.mark.covers("zero_shot_image_classification, image_to_image", client=CLIENT)
def test_a_background_goes_over_the_wire(place: TinyModels) -> None:
    made = InferenceClient(base_url=place("segformer") + "/pipeline/background-removal").image_to_image(picture())
    assert (made.mode, made.size) == ("RGBA", (48, 40))
    assert isinstance(made, Image.Image)
    named = InferenceClient(base_url=place("clip")).zero_shot_image_classification(picture(), ["bear", "cat"])
    assert sum(one.score for one in named) == pytest.approx(1, abs=1e-4)


@pytest.mark.covers("automatic_speech_recognition, audio_classification", client=CLIENT)
def test_speech_is_sent_as_a_file(client: Ask, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound())
    assert client("ctc").automatic_speech_recognition(str(tmp_path / "a.wav")).text is not None
    assert len(client("sounds").audio_classification(sound(), top_k=1)) == 1


@pytest.mark.covers("chat_completion", client=CLIENT)
def test_a_model_talks_at_its_own_address_and_at_the_hubs(hub: LiveHub, place: TinyModels) -> None:
    address = place("speaker")
    name = address.removeprefix(f"{hub.url}/models/")
    told = set()
    for url, model in ((address, None), (f"{hub.url}/v1", name), (hub.url, name)):
        options: dict[str, Any] = {"model": model, "max_tokens": 6, "temperature": 0}
        with InferenceClient(base_url=url, token=hub.token(ADA)) as client:
            whole = client.chat_completion(HELLO, **options)
            stream = client.chat.completions.create(HELLO, stream=True, **options)
            said = "".join(part.choices[0].delta.content or "" for part in stream if part.choices)
        assert said == whole.choices[0].message.content
        told.add((whole.model, said))
    assert len(told) == 1


@pytest.mark.covers("chat_completion", client=CLIENT)
def test_an_answer_keeps_to_the_schema_that_was_asked_for(place: TinyModels) -> None:
    form: Any = {"type": "json_schema", "json_schema": {"name": "digit", "schema": DIGIT}}
    with InferenceClient(base_url=place("speaker")) as client:
        answer = client.chat_completion(HELLO, response_format=form, max_tokens=100, temperature=0).choices[0]
    assert re.match(r'\s*{\s*("n"|$)', answer.message.content or "")


@pytest.mark.covers("health_check, get_endpoint_info", client=CLIENT)
def test_a_model_is_well_and_says_what_it_is(place: TinyModels) -> None:
    address = place("bert-classifier")
    with InferenceClient(base_url=address, provider="hf-inference") as client:
        assert client.health_check()
        info = client.get_endpoint_info()
    assert (address.endswith(info["model_id"]), info["model_pipeline_tag"]) == (True, "text-classification")

    async def ask() -> tuple[bool, str]:
        async with AsyncInferenceClient(base_url=place("sentences"), provider="hf-inference") as client:
            return await client.health_check(), (await client.get_endpoint_info())["model_pipeline_tag"]

    assert asyncio.run(ask()) == (True, "sentence-similarity")


@pytest.mark.covers("AsyncInferenceClient", client=CLIENT)
def test_the_async_client_asks_several_at_once(place: TinyModels) -> None:
    async def ask() -> list[str]:
        async with AsyncInferenceClient(base_url=place("bert-classifier")) as client:
            answers = await asyncio.gather(*(client.text_classification(FILM) for _ in range(20)))
        return [answer[0].label for answer in answers]

    assert len(set(asyncio.run(ask()))) == 1


@pytest.mark.covers("AsyncInferenceClient", client=CLIENT)
def test_the_async_client_has_every_task(place: TinyModels) -> None:
    async def one(method: str, name: str, task: str | None, words: tuple[Any, ...], more: dict[str, Any]) -> Any:
        async with AsyncInferenceClient(base_url=place(name, task)) as client:
            return await getattr(client, method)(*words, **more)

    async def ask() -> list[Any]:
        return [await one(*question) for question in EVERY_TASK]

    assert all(found is not None for found in asyncio.run(ask()))


@pytest.mark.covers("errors", client=CLIENT)
def test_a_refusal_reaches_the_caller_in_words(place: TinyModels) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    with pytest.raises(HfHubHTTPError, match="reads at most 64"):
        InferenceClient(base_url=place("bert-classifier")).text_classification("good " * 100)
