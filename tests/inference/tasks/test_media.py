"""Tasks on pictures and sounds."""

import base64
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.inference.tasks.samples import picture, sound
from transformers import pipeline

from bearhug.base.errors import BadRequest, TooLarge

Do = Callable[..., Any]
Make = Callable[[str], Path]


def opened(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text)))


def test_pictures_are_classified_as_transformers_does(task: Do, model: Make) -> None:
    classify = task("image-classification", "vit")
    expected = pipeline("image-classification", model=str(model("vit")))(Image.open(io.BytesIO(picture())))
    found = classify(picture())
    assert [one["label"] for one in found] == [one["label"] for one in expected]
    assert [one["score"] for one in found] == pytest.approx([one["score"] for one in expected], abs=1e-5)
    assert classify(base64.b64encode(picture()).decode()) == found
    assert len(classify([picture(), picture(20, 20)], top_k=1)) == 2
    assert classify.explain(picture())["shapes"]["pixel_values"] == [1, 3, 32, 32]


def test_sentences_say_what_is_in_a_picture(task: Do, model: Make) -> None:
    labels = ["a bear", "a cat", "the film"]
    found = task("zero-shot-image-classification", "clip")(picture(), candidate_labels=labels)
    plain = pipeline("zero-shot-image-classification", model=str(model("clip")))
    expected = plain(Image.open(io.BytesIO(picture())), candidate_labels=labels)
    assert [one["label"] for one in found] == [one["label"] for one in expected]
    assert [one["score"] for one in found] == pytest.approx([one["score"] for one in expected], abs=1e-4)


@pytest.mark.parametrize("of", ["segformer", "maskformer"])
def test_masks_are_of_the_picture_s_size(task: Do, of: str) -> None:
    found = task("image-segmentation", of)(
        picture(), threshold=0.0, mask_threshold=0.0, overlap_mask_area_threshold=0.0
    )
    assert found
    for one in found:
        assert opened(one["mask"]).size == (48, 40)
        assert set(one) == {"label", "mask"} | ({"score"} if of == "maskformer" else set())


def test_segmentation_says_which_kinds_it_knows(task: Do) -> None:
    with pytest.raises(BadRequest, match="semantic"):
        task("image-segmentation", "segformer")(picture(), subtask="panoptic")


def test_boxes_are_whole_pixels(task: Do) -> None:
    found = task("object-detection", "yolos")(picture(), threshold=0.0)
    assert found
    assert all(isinstance(side, int) for one in found for side in one["box"].values())
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)


def test_depth_has_a_number_for_every_point(task: Do) -> None:
    found = task("depth-estimation", "glpn")(picture())
    assert np.asarray(found["predicted_depth"]).shape == (40, 48)
    assert opened(found["depth"]).size == (48, 40)


def test_captions_are_written(task: Do) -> None:
    found = task("image-to-text", "caption")(picture(), max_new_tokens=5)
    assert isinstance(found["generated_text"], str)
    nested = task("image-to-text", "caption")(picture(), generation_parameters={"max_new_tokens": 5})
    assert nested == found


def test_the_background_goes_and_size_and_orientation_stay(task: Do) -> None:
    cut = task("background-removal", "segformer")
    found = opened(cut(picture())["image"])
    assert (found.mode, found.size) == ("RGBA", (48, 40))
    turned = Image.Exif()
    turned[0x0112] = 6
    found = opened(cut(picture(form="JPEG", exif=turned))["image"])
    assert found.size == (40, 48)
    assert opened(cut(picture(), return_mask=True)["image"]).mode == "L"


def test_sounds_are_brought_to_the_model_s_rate(task: Do) -> None:
    classify = task("audio-classification", "sounds")
    found = classify(sound(rate=8000))
    assert {one["label"] for one in found} == {"speech", "music"}
    same = classify({"raw": [0.0] * 8000, "sampling_rate": 16000}, top_k=1)
    assert len(same) == 1


def test_speech_becomes_text(task: Do) -> None:
    hear = task("automatic-speech-recognition", "ctc")
    assert isinstance(hear(sound())["text"], str)
    assert len(hear([sound(), sound(0.2)])) == 2
    with pytest.raises(BadRequest, match="times"):
        hear(sound(), return_timestamps=True)


def bomb(side: int = 40_000) -> bytes:
    """A PNG of a few hundred bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "of", "inputs", "error"),
    [
        ("image-classification", "vit", b"no picture", BadRequest),
        ("image-classification", "vit", b"", BadRequest),
        ("image-classification", "vit", "not base64!", BadRequest),
        ("image-classification", "vit", 3, BadRequest),
        ("image-classification", "vit", picture()[:200], BadRequest),
        ("image-classification", "vit", bomb(), (BadRequest, TooLarge)),
        ("image-classification", "vit", bomb(9_000), TooLarge),
        ("audio-classification", "sounds", b"no sound", BadRequest),
        ("audio-classification", "sounds", sound(0), BadRequest),
    ],
)
def test_what_is_no_picture_or_sound_is_refused(task: Do, name: str, of: str, inputs: Any, error: Any) -> None:
    with pytest.raises(error):
        task(name, of)(inputs)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "A sound is"),
        ({"raw": [0.1] * 800}, "A sound is"),
        ({"raw": 3.0, "sampling_rate": 8000}, "A sound is"),
        ({"raw": "x", "sampling_rate": 8000}, "list of numbers"),
        ({"raw": [None] * 800, "sampling_rate": 8000}, "not all of its samples"),
        ({"raw": [1e300] * 800, "sampling_rate": 8000}, "not all of its samples"),
        ({"raw": [0.1] * 800, "sampling_rate": 1}, "samples a second"),
        ({"raw": [0.1] * 800, "sampling_rate": 10**12}, "samples a second"),
        (sound(rate=2), "samples a second"),
        ([], "Send a sound"),
    ],
)
def test_numbers_that_are_no_sound_are_refused(task: Do, inputs: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        task("audio-classification", "sounds")(inputs)


def test_a_list_unfolds_to_no_more_than_a_call_may(task: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest, match="1 to 1000"):
        task("image-classification", "vit")([])
    monkeypatch.setattr("bearhug.inference.tasks.media.MOST_TOGETHER", 48 * 40 * 2)
    monkeypatch.setattr("bearhug.inference.tasks.listening.LONGEST_SECONDS", 1)
    assert len(task("image-classification", "vit")([picture()] * 2)) == 2
    with pytest.raises(TooLarge, match="together"):
        task("image-classification", "vit")([picture()] * 3)
    with pytest.raises(TooLarge, match="together"):
        task("audio-classification", "sounds")([sound()] * 3)
