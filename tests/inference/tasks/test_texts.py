"""Tasks that judge and find in texts, held against plain transformers."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from bearhug.base.errors import BadRequest, NotFound, Unprocessable
from bearhug.inference.tasks import table
from bearhug.inference.tasks.source import Source

Do = Callable[..., Any]
Make = Callable[[str], Path]


def test_scores_are_those_of_plain_transformers(task: Do, model: Make) -> None:
    folder = model("bert-classifier")
    plain, tokenizer = AutoModelForSequenceClassification.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        scores = plain(**tokenizer(FILM, return_tensors="pt")).logits.softmax(-1)[0].tolist()
    found = {one["label"]: one["score"] for one in task("text-classification", "bert-classifier")(FILM)}
    assert found == pytest.approx({"NEGATIVE": scores[0], "POSITIVE": scores[1]}, abs=1e-6)


def test_batches_sorted_by_length_give_what_single_texts_give(task: Do) -> None:
    classify = task("text-classification", "bert-classifier")
    texts = ["good " * length for length in (3, 40, 1, 17, 9)]
    assert [row[0]["label"] for row in classify(texts)] == [classify(text)[0]["label"] for text in texts]
    singles = [classify(text)[0]["score"] for text in texts]
    assert [row[0]["score"] for row in classify(texts)] == pytest.approx(singles, abs=1e-5)


def test_several_labels_at_once_stand_each_for_itself(task: Do) -> None:
    found = task("text-classification", "bert-topics")(FILM)
    assert sum(one["score"] for one in found) != pytest.approx(1)
    exclusive = task("text-classification", "bert-topics")(FILM, function_to_apply="softmax", top_k=2)
    assert len(exclusive) == 2
    raw = task("text-classification", "bert-topics")(FILM, function_to_apply="none")
    assert any(not 0 <= one["score"] <= 1 for one in raw)
    with pytest.raises(BadRequest, match="at least 1"):
        task("text-classification", "bert-topics")(FILM, top_k=0)


def test_pairs_of_texts_are_read_together(task: Do) -> None:
    classify = task("text-classification", "bert-classifier")
    alone = classify({"text": FILM})
    assert classify({"text": FILM, "text_pair": "it was awful"}) != alone
    assert alone == classify(FILM)


def test_zero_shot_scores_add_up_or_stand_alone(task: Do, model: Make) -> None:
    classify = task("zero-shot-classification", "bert-nli")
    labels = ["film", "city", "lab"]
    plain = pipeline("zero-shot-classification", model=str(model("bert-nli")))
    for alone in (False, True):
        expected = plain(FILM, candidate_labels=labels, multi_label=alone)
        found = classify(FILM, candidate_labels=labels, multi_label=alone)
        assert [one["label"] for one in found] == expected["labels"]
        assert [one["score"] for one in found] == pytest.approx(expected["scores"], abs=1e-5)
    assert classify(FILM, candidate_labels="film, city, lab") == classify(FILM, candidate_labels=labels)
    with pytest.raises(BadRequest, match="candidate_labels"):
        classify(FILM)
    with pytest.raises(BadRequest, match="entailment"):
        task("zero-shot-classification", "bert-classifier")(FILM, candidate_labels=labels)


@pytest.mark.parametrize("strategy", ["none", "simple", "first", "average", "max"])
def test_entities_are_put_together_as_transformers_does(task: Do, model: Make, strategy: str) -> None:
    text = "ada lovelace wrote a program in london and 北京 ."
    plain = pipeline("token-classification", model=str(model("bert-ner")), aggregation_strategy=strategy)
    found = task("token-classification", "bert-ner")(text, aggregation_strategy=strategy)
    expected = plain(text)
    keys = [
        key for key in ("entity", "entity_group", "word", "start", "end", "index") if expected and key in expected[0]
    ]
    assert [[one[key] for key in keys] for one in found] == [[one[key] for key in keys] for one in expected]
    assert [one["score"] for one in found] == pytest.approx([float(one["score"]) for one in expected], abs=1e-5)


def test_long_texts_are_read_in_windows(task: Do) -> None:
    recognise = task("token-classification", "bert-ner")
    text = "ada lives in london . " * 30
    with pytest.raises(BadRequest, match="reads at most 64"):
        recognise(text)
    found = recognise(text, stride=16, ignore_labels=[])
    assert found[-1]["end"] == len(text.rstrip())
    places = [one["start"] for one in found]
    assert places == sorted(places)


def test_answers_are_spans_of_the_context(task: Do) -> None:
    answer = task("question-answering", "bert-qa")
    found = answer({"question": "where is ada ?", "context": CONTEXT})
    assert CONTEXT[found["start"] : found["end"]] == found["answer"]
    assert 0 < found["score"] <= 1
    several = answer({"question": "where is ada ?", "context": CONTEXT}, top_k=3)
    assert len(several) == 3
    assert several[0] == found
    assert [one["score"] for one in several] == sorted((one["score"] for one in several), reverse=True)


def test_a_long_context_is_read_in_windows(task: Do) -> None:
    answer = task("question-answering", "bert-qa")
    context = CONTEXT * 20
    found = answer({"question": "where is ada ?", "context": context}, top_k=5, doc_stride=20)
    assert all(context[one["start"] : one["end"]] == one["answer"] for one in found)
    nothing = answer({"question": "where ?", "context": CONTEXT}, top_k=1000, handle_impossible_answer=True)
    assert "" in [one["answer"] for one in nothing]


def test_gaps_are_filled_as_transformers_does(task: Do, model: Make) -> None:
    fill = task("fill-mask", "bert-mlm")
    plain = pipeline("fill-mask", model=str(model("bert-mlm")))
    text = "ada lives in [MASK] ."
    for options in ({}, {"top_k": 2}, {"targets": ["london", "paris"]}):
        expected, found = plain(text, **options), fill(text, **options)
        assert [one["sequence"] for one in found] == [one["sequence"] for one in expected]
        assert [one["score"] for one in found] == pytest.approx([one["score"] for one in expected], abs=1e-5)
    assert fill("ada lives in <mask> .") == fill(text)
    assert len(fill("[MASK] lives in [MASK] .")) == 2
    with pytest.raises(BadRequest, match="no gap"):
        fill("ada lives in london")


def test_vectors_end_where_sentence_transformers_ends(model: Make, tmp_path: Path) -> None:
    folder = shutil.copytree(model("sentences"), tmp_path / "short")
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    task = table.find("feature-extraction").load(Source(folder))
    text = "ada lives in london . " * 6
    with pytest.raises(BadRequest, match="reads at most 12"):
        task(text)
    assert task(text, truncate=True) == pytest.approx(task(text + FILM, truncate=True))
    assert table.find("feature-extraction").load(Source(model("sentences"))).encoder.longest == 64


def test_tables_answer(task: Do) -> None:
    ask = task("table-question-answering", "tapas")
    for key in ("question", "query"):
        found = ask({"table": TABLE, key: "who lives in paris ?"})
        assert set(found) == {"answer", "coordinates", "cells", "aggregator"}
        assert [TABLE[list(TABLE)[column]][row] for row, column in found["coordinates"]] == found["cells"]
    with pytest.raises(BadRequest, match="one length"):
        ask({"table": {"a": ["1"], "b": []}, "question": "?"})


def test_reranking_puts_the_best_first(task: Do) -> None:
    rank = task("text-ranking", "bert-reranker")
    texts = ["london", "the film", "ada wrote a program"]
    found = rank({"query": "who wrote it ?", "texts": texts}, return_text=True)
    assert sorted(one["index"] for one in found) == [0, 1, 2]
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert all(one["text"] == texts[one["index"]] for one in found)
    raw = rank({"query": "who wrote it ?", "texts": texts}, raw_scores=True, top_k=1)
    assert (raw[0]["index"], len(raw)) == (found[0]["index"], 1)


def test_vectors_are_pooled_as_the_model_says(task: Do, model: Make) -> None:
    plain = pipeline("feature-extraction", model=str(model("bert-plain")))
    tokens = task("feature-extraction", "bert-plain")(FILM)
    torch.testing.assert_close(torch.tensor(tokens), torch.tensor(plain(FILM)[0]), atol=1e-5, rtol=1e-5)
    vector = torch.tensor(task("feature-extraction", "sentences")(FILM))
    mean = torch.nn.functional.normalize(torch.tensor(tokens).mean(0), dim=0)
    torch.testing.assert_close(vector, mean, atol=1e-5, rtol=1e-5)
    several = task("feature-extraction", "sentences")(["good", FILM])
    torch.testing.assert_close(torch.tensor(several[1]), vector, atol=1e-5, rtol=1e-5)
    cut = task("feature-extraction", "sentences")("good " * 100, truncate=True, truncation_direction="left")
    assert len(cut) == 32


def test_a_sentence_is_nearest_to_itself(task: Do) -> None:
    near = task("sentence-similarity", "sentences")
    found = near({"source_sentence": FILM, "sentences": ["paris", FILM, "it was awful"]})
    assert found[1] == pytest.approx(1, abs=1e-5)
    assert max(found) == found[1]


@pytest.mark.parametrize(
    ("name", "of", "inputs"),
    [
        ("text-classification", "bert-classifier", FILM),
        ("zero-shot-classification", "bert-nli", FILM),
        ("token-classification", "bert-ner", FILM),
        ("question-answering", "bert-qa", {"question": "who ?", "context": CONTEXT}),
        ("fill-mask", "bert-mlm", "a [MASK] film"),
        ("feature-extraction", "sentences", FILM),
        ("sentence-similarity", "sentences", {"source_sentence": FILM, "sentences": ["paris"]}),
        ("text-ranking", "bert-reranker", {"query": "who", "texts": ["ada"]}),
        ("summarization", "t5", FILM),
        ("text-generation", "gpt2", "ada"),
    ],
)
def test_the_steps_can_be_seen(task: Do, name: str, of: str, inputs: Any) -> None:
    steps = task(name, of).explain(inputs)
    assert all(isinstance(piece["id"], int) and piece["token"] for piece in steps["tokens"])
    assert all(isinstance(side, int) for shape in steps["shapes"].values() for side in shape)


def test_a_model_without_the_head_is_refused(model: Make) -> None:
    with pytest.raises(Unprocessable, match="not trained for this task"):
        table.find("text-classification").load(Source(model("bert-mlm")))
    with pytest.raises(Unprocessable, match="no head"):
        table.find("summarization").load(Source(model("bert-mlm")))
    with pytest.raises(NotFound, match="no task"):
        table.find("cooking")


def test_pickles_are_refused_until_they_are_allowed(model: Make, tmp_path: Path) -> None:
    for path in model("bert-classifier").iterdir():
        if path.suffix != ".safetensors":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    plain = AutoModelForSequenceClassification.from_pretrained(model("bert-classifier"))
    torch.save(plain.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(Unprocessable, match="pickles"):
        table.find("text-classification").load(Source(tmp_path))
    assert table.find("text-classification").load(Source(tmp_path, pickles=True))(FILM)


class Trap:
    """Runs code when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.place),)


def test_code_in_a_pickle_is_never_run(model: Make, tmp_path: Path) -> None:
    for path in model("bert-classifier").iterdir():
        if path.suffix != ".safetensors":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    torch.save({"weight": Trap(tmp_path / "sprung")}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unprocessable, match="cannot be read"):
        table.find("text-classification").load(Source(tmp_path, pickles=True))
    assert not (tmp_path / "sprung").exists()


def test_broken_files_say_so(model: Make, tmp_path: Path) -> None:
    for path in model("bert-classifier").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 64)
    with pytest.raises(Unprocessable, match="weights of this model cannot be read"):
        table.find("text-classification").load(Source(tmp_path))
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(Unprocessable, match="config"):
        table.find("text-classification").load(Source(tmp_path))


def test_half_a_character_is_refused(task: Do) -> None:
    for name, of in (("text-classification", "bert-classifier"), ("text-generation", "gpt2"), ("summarization", "t5")):
        with pytest.raises(BadRequest, match="half a character"):
            task(name, of)("good \ud83d film")


def test_what_a_model_cannot_take_is_said_in_words(task: Do) -> None:
    with pytest.raises(BadRequest, match="truncation"):
        task("table-question-answering", "tapas")({"table": {"who": ["ada"] * 500}, "question": "who ?"})
    with pytest.raises(BadRequest, match="less than 0"):
        task("token-classification", "bert-ner")(FILM, stride=-1)
    with pytest.raises(BadRequest, match="max_new_tokens"):
        task("text-generation", "gpt2")(CONTEXT, max_length=4)


def test_no_text_is_cut_in_silence_and_the_advice_is_the_task_s_own(task: Do) -> None:
    long = f"{FILM} " * 40
    alike = {"source_sentence": long, "sentences": [FILM]}
    for name, of, inputs, advice in (
        ("sentence-similarity", "sentences", alike, {"truncation": True}),
        ("feature-extraction", "sentences", long, {"truncate": True}),
        ("token-classification", "bert-ner", long, {"stride": 32}),
    ):
        [(field, _)] = advice.items()
        with pytest.raises(BadRequest, match=f'"{field}"'):
            task(name, of)(inputs)
        assert task(name, of)(inputs, **advice) is not None


def test_a_model_without_the_files_of_a_task_is_told_which(task: Do) -> None:
    with pytest.raises(Unprocessable, match=r"no preprocessor_config\.json.*made for"):
        task("image-classification", "bert-classifier")
