"""huggingface_hub's InferenceClient against models of this hub, with nothing but its address."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import AsyncInferenceClient, HfApi, InferenceClient
from PIL import Image
from tests.inference import tiny
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound
from tests.live_hub import LiveHub
from tests.people import ADA

pytestmark = pytest.mark.client

TASKS = {
    "bert-classifier": "text-classification",
    "bert-ner": "token-classification",
    "bert-qa": "question-answering",
    "bert-mlm": "fill-mask",
    "bert-nli": "zero-shot-classification",
    "sentences": "sentence-similarity",
    "t5": "summarization",
    "gpt2": "text-generation",
    "tapas": "table-question-answering",
    "vit": "image-classification",
    "segformer": "image-segmentation",
    "ctc": "automatic-speech-recognition",
    "caption": "image-to-text",
}
Ask = Callable[[str], InferenceClient]


@pytest.fixture(scope="module")
def place(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """`place("vit")` is the address of that tiny model, published when it is first wanted."""
    api = HfApi(hub.url, token=hub.token(ADA))
    known: dict[str, str] = {}

    def find(name: str) -> str:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            tiny.MODELS[name](folder)
            (folder / "README.md").write_text(f"---\npipeline_tag: {TASKS[name]}\n---\n")
            api.create_repo(f"ada/run-{name}")
            api.upload_folder(repo_id=f"ada/run-{name}", folder_path=folder)
            known[name] = f"{hub.url}/models/ada/run-{name}"
        return known[name]

    return find


@pytest.fixture(scope="module")
def client(place: Callable[[str], str]) -> Ask:
    return lambda name: InferenceClient(base_url=place(name))


def test_texts_are_judged(client: Ask) -> None:
    assert client("bert-classifier").text_classification(FILM)[0].label in ("NEGATIVE", "POSITIVE")
    assert len(client("bert-classifier").text_classification(FILM, top_k=1)) == 1
    labels = client("bert-nli").zero_shot_classification(FILM, candidate_labels=["film", "city"], multi_label=True)
    assert {one.label for one in labels} == {"film", "city"}
    for entity in client("bert-ner").token_classification(CONTEXT, aggregation_strategy="first"):
        assert CONTEXT[entity.start : entity.end]
        assert entity.entity_group in ("PER", "LOC")


def test_texts_are_read_and_answered_from(client: Ask) -> None:
    answer = client("bert-qa").question_answering(question="where is ada ?", context=CONTEXT)
    assert CONTEXT[answer.start : answer.end] == answer.answer  # type: ignore[union-attr]
    assert client("bert-mlm").fill_mask("ada lives in [MASK]", top_k=2)[1].token_str
    table = client("tapas").table_question_answering(table=TABLE, query="who lives in paris ?")
    assert table.aggregator is not None
    assert client("sentences").sentence_similarity(FILM, other_sentences=[FILM, "paris"])[0] == pytest.approx(
        1, abs=1e-4
    )


def test_vectors_come_by_their_own_address(place: Callable[[str], str]) -> None:
    found = InferenceClient(base_url=place("sentences") + "/pipeline/feature-extraction").feature_extraction(FILM)
    assert found.shape == (32,)


def test_texts_are_written(client: Ask) -> None:
    parameters = {"max_new_tokens": 6}
    assert client("t5").summarization(FILM, generate_parameters=parameters).summary_text is not None
    written = client("gpt2").text_generation("ada lives", max_new_tokens=6, details=True)
    assert len(written.details.tokens) <= 6  # type: ignore[union-attr]
    whole = client("gpt2").text_generation("ada lives", max_new_tokens=6, return_full_text=True)
    assert whole.startswith("ada lives")


def test_text_comes_token_by_token(place: Callable[[str], str]) -> None:
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


def test_pictures_are_sent_as_they_are_and_with_parameters(client: Ask) -> None:
    assert client("vit").image_classification(picture())[0].label in ("bear", "cat", "cup")
    assert len(client("vit").image_classification(picture(), top_k=1)) == 1
    segments = client("segformer").image_segmentation(picture())
    assert all(one.mask.size == (48, 40) for one in segments)  # type: ignore[attr-defined]
    assert client("caption").image_to_text(picture()).generated_text is not None


def test_a_background_goes_over_the_wire(place: Callable[[str], str]) -> None:
    made = InferenceClient(base_url=place("segformer") + "/pipeline/background-removal").image_to_image(picture())
    assert (made.mode, made.size) == ("RGBA", (48, 40))
    assert isinstance(made, Image.Image)


def test_speech_is_sent_as_a_file(client: Ask, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound())
    assert client("ctc").automatic_speech_recognition(str(tmp_path / "a.wav")).text is not None


def test_the_async_client_asks_several_at_once(place: Callable[[str], str]) -> None:
    async def ask() -> list[str]:
        async with AsyncInferenceClient(base_url=place("bert-classifier")) as client:
            answers = await asyncio.gather(*(client.text_classification(FILM) for _ in range(20)))
        return [answer[0].label for answer in answers]

    assert len(set(asyncio.run(ask()))) == 1


def test_a_refusal_reaches_the_caller_in_words(place: Callable[[str], str]) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    with pytest.raises(HfHubHTTPError, match="reads at most 64"):
        InferenceClient(base_url=place("bert-classifier")).text_classification("good " * 100)
