"""`bearhug.pipeline` gives what transformers' own pipelines give."""

from collections.abc import Callable
from pathlib import Path

import pytest
import transformers
from PIL import Image
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound

import bearhug
from bearhug.base.errors import EntryNotFound, Unprocessable

Make = Callable[[str], Path]


def test_sentiments_come_as_courses_print_them(model: Make) -> None:
    folder = str(model("bert-classifier"))
    ours, theirs = bearhug.pipeline("sentiment-analysis", folder), transformers.pipeline("sentiment-analysis", folder)
    for inputs in (FILM, [FILM, "it was awful"]):
        found, expected = ours(inputs), theirs(inputs)
        assert [one["label"] for one in found] == [one["label"] for one in expected]
        assert [one["score"] for one in found] == pytest.approx([one["score"] for one in expected], abs=1e-5)
    assert len(ours(FILM, top_k=2)) == 2


def test_a_list_longer_than_a_call_goes_through_in_pieces(model: Make) -> None:
    judge = bearhug.pipeline("text-classification", str(model("bert-classifier")))
    found = judge(["good"] * 1000 + [FILM])
    assert len(found) == 1001
    assert found[-1]["score"] == pytest.approx(judge(FILM)[0]["score"], abs=1e-5)
    assert found[0]["score"] != pytest.approx(found[-1]["score"], abs=1e-5)


def test_zero_shot_tells_sequence_labels_and_scores(model: Make) -> None:
    found = bearhug.pipeline("zero-shot-classification", model("bert-nli"))(FILM, ["film", "city"])
    assert found["sequence"] == FILM
    assert sorted(found["labels"]) == ["city", "film"]


def test_questions_and_tables_are_given_by_name(model: Make) -> None:
    answer = bearhug.pipeline("question-answering", model("bert-qa"))(question="where is ada ?", context=CONTEXT)
    assert answer["answer"] in CONTEXT
    assert "answer" in bearhug.pipeline("table-question-answering", model("tapas"))(table=TABLE, query="who ?")


def test_generated_text_begins_with_the_prompt(model: Make) -> None:
    write = bearhug.pipeline("text-generation", model("gpt2"))
    assert write("ada lives", max_new_tokens=4)[0]["generated_text"].startswith("ada lives")
    assert len(write("ada", max_new_tokens=4, num_return_sequences=2)) == 2
    assert "translation_text" in bearhug.pipeline("translation_en_to_zh", model("t5"))(FILM, max_new_tokens=4)[0]


def test_files_go_in_and_pictures_come_out(model: Make, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    (tmp_path / "a.wav").write_bytes(sound())
    cut = bearhug.pipeline("background-removal", model("segformer"))(str(tmp_path / "a.png"))
    assert isinstance(cut["image"], Image.Image)
    assert cut["image"].mode == "RGBA"
    masks = bearhug.pipeline("image-segmentation", model("segformer"))(Image.open(tmp_path / "a.png"))
    assert all(one["mask"].size == (48, 40) and one["score"] is None for one in masks)
    listener = bearhug.pipeline("asr", model("ctc"))
    assert "text" in listener(str(tmp_path / "a.wav"))
    with pytest.raises(Unprocessable, match="steps of this task cannot be shown"):
        listener.explain(str(tmp_path / "a.wav"))


def test_objects_in_hand_are_taken_as_they_are(model: Make) -> None:
    folder = model("bert-classifier")
    own = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    ready = bearhug.pipeline("text-classification", own, tokenizer=tokenizer)
    assert ready.model is own
    assert ready(FILM) == bearhug.pipeline("text-classification", folder)(FILM)
    assert ready.explain(FILM)["function"] == "softmax"


def test_a_wrong_place_is_said(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", "/nowhere", "./nowhere", "a/b/c"):
        with pytest.raises(EntryNotFound, match="OWNER/NAME"):
            bearhug.pipeline("fill-mask", place)
