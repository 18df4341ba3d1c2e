"""@huggingface/inference: every method whose task the hub has, each told the model's address and nothing else."""

import base64
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests import assets
from tests.clients.test_node import SOURCE, blob, body_of
from tests.clients.tiny_models import TinyModels
from tests.inference.code.conftest import SOURCE as PACKAGES
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound
from tests.live_hub import SHUT_DOOR, LiveHub
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]
NODE = "@huggingface/inference"
HELLO = [{"role": "user", "content": "hello"}]
FEW = {"generate_parameters": {"max_new_tokens": 6}}
QUESTIONS: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "textClassification": ("bert-classifier", None, {"inputs": FILM}),
    "tokenClassification": ("bert-ner", None, {"inputs": CONTEXT}),
    "fillMask": ("bert-mlm", None, {"inputs": "ada lives in [MASK]", "parameters": {"top_k": 2}}),
    "questionAnswering": ("bert-qa", None, {"inputs": {"question": "where is ada ?", "context": CONTEXT}}),
    "tableQuestionAnswering": ("tapas", None, {"inputs": {"query": "who lives in paris ?", "table": TABLE}}),
    "zeroShotClassification": (
        "bert-nli",
        None,
        {"inputs": FILM, "parameters": {"candidate_labels": ["film", "city"], "multi_label": True}},
    ),
    "sentenceSimilarity": ("sentences", None, {"inputs": {"source_sentence": FILM, "sentences": [FILM, "paris"]}}),
    "featureExtraction": ("sentences", "feature-extraction", {"inputs": [FILM, "paris"]}),
    "summarization": ("t5", None, {"inputs": FILM, "parameters": FEW}),
    "translation": ("t5", "translation", {"inputs": FILM, "parameters": FEW}),
    "imageClassification": ("vit", None, {"data": blob(picture())}),
    "imageSegmentation": ("segformer", None, {"inputs": blob(picture())}),
    "imageToImage": ("segformer", "background-removal", {"inputs": blob(picture())}),
    "objectDetection": ("yolos", None, {"data": blob(picture())}),
    "imageToText": ("caption", None, {"data": blob(picture())}),
    "zeroShotImageClassification": (
        "clip",
        None,
        {"inputs": {"image": blob(picture())}, "parameters": {"candidate_labels": ["bear", "cat"]}},
    ),
    "automaticSpeechRecognition": ("ctc", None, {"data": blob(sound())}),
    "audioClassification": ("sounds", None, {"data": blob(sound())}),
    "chatCompletion": ("speaker", None, {"messages": HELLO, "max_tokens": 6, "temperature": 0}),
    "chatCompletionStream": ("speaker", None, {"messages": HELLO, "max_tokens": 6, "temperature": 0}),
    "textGeneration": ("speaker", None, {"inputs": "ada lives", "parameters": {"max_new_tokens": 6, "temperature": 0}}),
    "textGenerationStream": (
        "speaker",
        None,
        {"inputs": "ada lives", "parameters": {"max_new_tokens": 6, "temperature": 0}, "stream": True},
    ),
}
Answers = Callable[[str], Any]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("program")
    (folder / "ask.mjs").write_bytes((SOURCE / "ask.mjs").read_bytes())
    (folder / "node_modules").symlink_to(assets.node_packages(PACKAGES, "code") / "node_modules")
    return folder


@pytest.fixture(scope="module")
def models(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    return TinyModels(hub, tmp_path_factory.mktemp("models"), "node")


def ask_all(hub: LiveHub, program: Path, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All questions in one Node; the answers in their order."""
    env = {"PATH": os.environ["PATH"], "HOME": str(program), "http_proxy": SHUT_DOOR}
    done = subprocess.run(
        ["node", "ask.mjs"],
        cwd=program,
        env=env,
        input=json.dumps({"token": hub.token(ADA), "asked": asked}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def answers(hub: LiveHub, program: Path, models: TinyModels) -> Answers:
    """`answers("fillMask")` is what that method gave."""
    asked = [
        {"method": method, "url": models(model, task), "params": params}
        for method, (model, task, params) in QUESTIONS.items()
    ]
    found = dict(zip(QUESTIONS, ask_all(hub, program, asked), strict=True))

    def told(method: str) -> Any:
        assert "value" in found[method], found[method]
        return found[method]["value"]

    return told


def labels(found: list[dict[str, Any]]) -> set[str]:
    """The labels of an answer, whose scores are probabilities."""
    assert all(0 <= one["score"] <= 1 for one in found)
    return {one["label"] for one in found}


@pytest.mark.covers("textClassification, tokenClassification, zeroShotClassification", client=NODE)
def test_texts_are_judged(answers: Answers) -> None:
    assert labels(answers("textClassification")) == {"NEGATIVE", "POSITIVE"}
    assert labels(answers("zeroShotClassification")) == {"film", "city"}
    for entity in answers("tokenClassification"):
        assert entity["entity_group"] in ("PER", "LOC")
        assert CONTEXT[entity["start"] : entity["end"]]


@pytest.mark.covers("fillMask, questionAnswering, tableQuestionAnswering", client=NODE)
def test_texts_are_read_and_answered_from(answers: Answers) -> None:
    answer = answers("questionAnswering")
    assert CONTEXT[answer["start"] : answer["end"]] == answer["answer"]
    assert len(answers("fillMask")) == 2
    cells = answers("tableQuestionAnswering")
    assert cells["cells"] == [list(TABLE.values())[column][row] for row, column in cells["coordinates"]]


@pytest.mark.covers("featureExtraction, sentenceSimilarity", client=NODE)
def test_texts_become_vectors(answers: Answers) -> None:
    same, other = answers("sentenceSimilarity")
    assert same == pytest.approx(1, abs=1e-4)
    first, second = answers("featureExtraction")
    assert sum(a * b for a, b in zip(first, second, strict=True)) == pytest.approx(other, abs=1e-4)


@pytest.mark.covers("summarization, translation", client=NODE)
def test_texts_are_rewritten(answers: Answers) -> None:
    assert isinstance(answers("summarization")["summary_text"], str)
    assert isinstance(answers("translation")["translation_text"], str)


@pytest.mark.covers("imageClassification, imageSegmentation, objectDetection, imageToText", client=NODE)
def test_pictures_are_seen(answers: Answers) -> None:
    assert labels(answers("imageClassification")) == {"bear", "cat", "cup"}
    segments = answers("imageSegmentation")
    assert {one["label"] for one in segments} <= {"background", "bear"}
    for one in segments:
        assert Image.open(io.BytesIO(base64.b64decode(one["mask"]))).size == (48, 40)
    assert isinstance(answers("objectDetection"), list)
    assert answers("imageToText")["generated_text"]


@pytest.mark.covers("zeroShotImageClassification, imageToImage", client=NODE)
def test_pictures_go_with_words_and_come_back_cut_out(answers: Answers) -> None:
    assert labels(answers("zeroShotImageClassification")) == {"bear", "cat"}
    cut = Image.open(io.BytesIO(body_of(answers("imageToImage"))))
    assert (cut.mode, cut.size) == ("RGBA", (48, 40))


@pytest.mark.covers("automaticSpeechRecognition, audioClassification", client=NODE)
def test_sounds_are_heard(answers: Answers) -> None:
    assert isinstance(answers("automaticSpeechRecognition")["text"], str)
    assert labels(answers("audioClassification")) == {"speech", "music"}


@pytest.mark.covers("chatCompletion, chatCompletionStream", client=NODE)
def test_a_conversation_is_the_same_whole_and_streamed(answers: Answers) -> None:
    [choice] = answers("chatCompletion")["choices"]
    parts = [part["choices"][0] for part in answers("chatCompletionStream") if part["choices"]]
    assert "".join(part["delta"].get("content") or "" for part in parts) == choice["message"]["content"]
    assert parts[-1]["finish_reason"] == choice["finish_reason"]


@pytest.mark.covers("textGeneration, textGenerationStream", client=NODE)
def test_texts_go_on(answers: Answers) -> None:
    whole = answers("textGeneration")["generated_text"]
    assert "".join(part["choices"][0]["text"] for part in answers("textGenerationStream")) == whole


@pytest.mark.covers("errors", client=NODE)
def test_a_refusal_reaches_the_caller_in_words(hub: LiveHub, program: Path, models: TinyModels) -> None:
    long = {"method": "textClassification", "url": models("bert-classifier"), "params": {"inputs": "good " * 100}}
    gone = {"method": "chatCompletion", "url": f"{hub.url}/models/ada/none", "params": {"messages": HELLO}}
    refused, missing = ask_all(hub, program, [long, gone])
    assert "reads at most 64" in refused["error"]
    assert (refused["status"], missing["status"]) == (400, 404)


@pytest.mark.covers("chatCompletion, chatCompletionStream", client=NODE)
def test_the_hub_is_an_endpoint_too_when_the_model_is_named(hub: LiveHub, program: Path, models: TinyModels) -> None:
    name = models("speaker").removeprefix(f"{hub.url}/models/")
    params = {"model": name, "messages": HELLO, "max_tokens": 2}
    asked = [{"method": "chatCompletion", "url": url, "params": params} for url in (hub.url, f"{hub.url}/v1")]
    for told in ask_all(hub, program, asked):
        assert told["value"]["model"] == name
