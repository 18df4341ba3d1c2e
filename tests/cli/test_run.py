"""`bearhug run` and `explain` on tiny models in folders."""

import json
import os
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


def test_every_line_of_a_file_of_json_is_json(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('"good"\n["good", "bad"]\n{"inputs": "good"}\n')
    words = ("run", "text-classification", model("bert-classifier"), tmp_path / "in.jsonl")
    first, both, object_ = [json.loads(line)["output"] for line in bearhug(*words).splitlines()]
    assert first == both[0] == object_
    (tmp_path / "in.jsonl").write_text('"good"\nbad\n')
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 1
    assert "Line 2 of" in done.output
    assert "not valid JSON: bad" in done.output


def test_what_was_done_is_passed_over(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("good\nbad\nawful\n")
    words = ("run", "text-classification", model("bert-classifier"), tmp_path / "in.txt", "-o", tmp_path / "out.jsonl")
    bearhug(*words)
    whole = (tmp_path / "out.jsonl").read_text()
    cut = whole.splitlines()[0] + "\n" + whole.splitlines()[1][:20]
    (tmp_path / "out.jsonl").write_text(cut)
    bearhug(*words, "--resume")
    again = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    for line, before in zip(again, map(json.loads, whole.splitlines()), strict=True):
        assert line["input"] == before["input"]
        assert line["output"][0] == {**before["output"][0], "score": pytest.approx(before["output"][0]["score"])}


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


def test_pictures_of_one_name_do_not_overwrite_each_other(model: Make, tmp_path: Path) -> None:
    sources = ["one/a.png", "one/a.jpg", "one/A.bmp", "one/b.png", "two/a.png", "two/deep/b 'c\" 熊.png"]
    for at, name in enumerate(sources):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(picture(48 + at, 40, {"jpg": "JPEG", "bmp": "BMP"}.get(name[-3:], "PNG")))
    words = (
        "run",
        "background-removal",
        model("segformer"),
        tmp_path / "one",
        tmp_path / "two",
        "-o",
        tmp_path / "out",
    )
    assert len(bearhug(*words).splitlines()) == len(sources)
    made = {str(path.relative_to(tmp_path / "out")): path for path in (tmp_path / "out").rglob("*.png")}
    assert set(made) == {
        "one/a.png-cutout.png",
        "one/a.jpg-cutout.png",
        "one/A.bmp-cutout.png",
        "one/b-cutout.png",
        "two/a-cutout.png",
        "two/deep/b 'c\" 熊-cutout.png",
    }
    with Image.open(made["two/a-cutout.png"]) as image:
        assert image.size == (52, 40)
    assert bearhug(*words, "--resume") == ""
    later = made["one/b-cutout.png"].stat().st_mtime + 5
    os.utime(tmp_path / "one" / "b.png", (later, later))
    assert bearhug(*words, "--resume").splitlines() == [str(made["one/b-cutout.png"])]


def test_a_picture_taken_sideways_comes_out_upright(model: Make, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.jpg").write_bytes(picture(48, 40, "JPEG", exif=exif))
    bearhug("run", "background-removal", "--model", model("segformer"), tmp_path / "a.jpg")
    with Image.open(tmp_path / "a-cutout.png") as image:
        assert (image.mode, image.size) == ("RGBA", (40, 48))
        assert 0x0112 not in image.getexif()


def test_one_broken_picture_does_not_end_the_others(model: Make, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    (tmp_path / "b.png").write_bytes(picture())
    words = ["run", "background-removal", str(model("segformer")), str(tmp_path)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [str(tmp_path / "b-cutout.png")]
    assert "a.png: This is not a picture" in done.stderr
    assert "1 of 2 pictures could not be done." in done.stderr


def test_a_model_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    words = ["run", "background-removal", str(tmp_path / "a.png"), "--hub", "http://127.0.0.1:9"]
    assert "No hub answers at http://127.0.0.1:9" in CliRunner().invoke(main, words).output
    said = CliRunner().invoke(main, ["run", "background-removal", "ada/cut"]).output
    assert "Say after ada/cut what the model is to be asked." in said


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


def test_lines_that_are_done_together_come_out_as_alone(model: Make, tmp_path: Path) -> None:
    texts = ["good", "the film was very good " * 5, "bad", "awful film", "good " * 9]
    (tmp_path / "in.txt").write_text("\n".join(texts) + "\n")
    (tmp_path / "one.jsonl").write_text(json.dumps({"text": "good", "parameters": {"top_k": 1}}) + "\n")
    out = bearhug("run", "text-classification", model("bert-classifier"), tmp_path / "in.txt", tmp_path / "one.jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["input"] for line in lines] == [
        *(f"{tmp_path}/in.txt:{at}" for at in range(1, 6)),
        f"{tmp_path}/one.jsonl:1",
    ]
    for text, line in zip(texts, lines, strict=False):
        [alone] = bearhug("run", "text-classification", model("bert-classifier"), text).splitlines()
        for one, other in zip(line["output"], json.loads(alone)["output"], strict=True):
            assert one["label"] == other["label"]
            assert one["score"] == pytest.approx(other["score"], abs=1e-5)
    assert len(lines[5]["output"]) == 1


def test_a_bad_line_among_many_ends_the_command_where_it_stands(model: Make, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("good\nbad\n" + "good " * 100 + "\nawful\n")
    words = ("run", "text-classification", model("bert-classifier"), tmp_path / "in.txt", "-o", tmp_path / "out.jsonl")
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 1
    assert "reads at most" in done.output
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
