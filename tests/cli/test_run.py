"""`bearhug run` and `explain` on tiny models in folders."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from tests.inference import tiny
from tests.inference.tasks.samples import FILM, picture

from bearhug.cli import main

Make = Callable[[str], Path]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Make:
    made: dict[str, Path] = {}

    def find(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            tiny.MODELS[name](made[name])
        return made[name]

    return find


def bearhug(*words: object, stdin: str = "") -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_texts_files_and_stdin_become_lines_of_json(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": FILM, "parameters": {"top_k": 1}}) + '\n{"inputs": "bad"}\n')
    out = bearhug(
        "run", "sentiment-analysis", model("bert-classifier"), FILM, tmp_path / "in.jsonl", "-", stdin="good\n"
    )
    lines = [json.loads(line) for line in out.splitlines()]
    assert [len(line["output"]) for line in lines] == [2, 1, 2, 2]
    assert lines[3]["input"] == "stdin:1"


def test_what_was_done_is_passed_over(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("good\nbad\nawful\n")
    words = ("run", "text-classification", model("bert-classifier"), tmp_path / "in.txt", "-o", tmp_path / "out.jsonl")
    bearhug(*words)
    whole = (tmp_path / "out.jsonl").read_text()
    cut = whole.splitlines()[0] + "\n" + whole.splitlines()[1][:20]
    (tmp_path / "out.jsonl").write_text(cut)
    bearhug(*words, "--resume")
    assert (tmp_path / "out.jsonl").read_text() == whole


def test_a_folder_of_pictures_is_cut_out(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.png", "deep/b.png"):
        (tmp_path / "in" / name).write_bytes(picture())
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    words = ("run", "background-removal", model("segformer"), tmp_path / "in")
    assert len(bearhug(*words).splitlines()) == 2
    with Image.open(tmp_path / "in" / "deep" / "b-cutout.png") as image:
        assert image.mode == "RGBA"
    assert bearhug(*words, "--resume") == ""


def test_the_steps_are_told(model: Make) -> None:
    out = bearhug("explain", "text-classification", model("bert-classifier"), FILM)
    assert "[CLS]" in out
    assert "softmax" in out
    steps = json.loads(bearhug("explain", "text-classification", model("bert-classifier"), FILM, "--json"))
    assert steps["shapes"]["logits"] == [1, 2]


def test_what_is_wrong_is_one_line() -> None:
    done = CliRunner().invoke(main, ["run", "cooking", "/nowhere", "x"])
    assert done.exit_code == 1
    assert "There is no task" in done.output
