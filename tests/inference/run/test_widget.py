"""The widget above a model's card."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.inference.tasks.samples import CONTEXT, FILM, picture
from tests.people import EVE, NOBODY
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.base.errors import BadRequest
from bearhug.inference.run import forms, showing
from bearhug.inference.run.widget import widget_of
from bearhug.inference.tasks import table

Make = Callable[[str], Path]
CARD = """---
pipeline_tag: text-classification
widget:
- text: great film
  example_title: Praise
- text: '<script>alert(1)</script>'
  output:
  - {label: POSITIVE, score: 0.75}
---
# m
"""


def publish(box: HubBox, folder: Path, card: str = CARD) -> None:
    repo = make(box)
    data = (folder / "model.safetensors").read_bytes()
    upload(box, repo, data)
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".safetensors"]
    operations = [add(path.name, path.read_bytes()) for path in files]
    assert (
        send(box, repo, lines(large("model.safetensors", data), add("README.md", card), *operations)).status_code == 200
    )
    box.settle()


def test_every_task_has_a_form() -> None:
    assert set(forms.FORMS) == set(table.TASKS)
    for task in table.TASKS:
        widget = widget_of("ada/m", {"pipeline_tag": task})
        assert widget is not None
        assert set(widget.filled) <= {field.name for field in widget.fields}


def test_a_card_can_switch_it_off() -> None:
    assert widget_of("ada/m", {"pipeline_tag": "fill-mask", "card_data": {"inference": False}}) is None
    assert widget_of("ada/m", {"pipeline_tag": "robotics"}) is None


def test_what_people_type_becomes_a_call() -> None:
    assert forms.asked("text-generation", {"text": "once", "max_new_tokens": "7"}) == {
        "inputs": "once",
        "parameters": {"max_new_tokens": 7},
    }
    assert forms.asked("text-ranking", {"query": "q", "texts": "a\r\n\r\nb"})["inputs"] == {
        "query": "q",
        "texts": ["a", "b"],
    }
    table_said = forms.asked("table-question-answering", {"question": "?", "table": "a,b\n1,2\n3,4"})["inputs"]["table"]
    assert table_said == {"a": ["1", "3"], "b": ["2", "4"]}
    with pytest.raises(BadRequest):
        forms.asked("table-question-answering", {"question": "?", "table": "a,b\n1"})


def test_marked_pieces_make_up_the_whole_text() -> None:
    entities = [
        {"entity_group": "LOC", "score": 0.9, "start": 13, "end": 19, "word": "london"},
        {"entity_group": "PER", "score": 0.9, "start": 0, "end": 3, "word": "ada"},
    ]
    drawn = showing.shown("token-classification", {"inputs": CONTEXT}, entities)
    assert "".join(span.text for span in drawn.spans) == CONTEXT
    assert [span.label for span in drawn.spans if span.label] == ["PER", "LOC"]


def test_the_page_offers_the_card_s_examples_and_their_outputs(box: HubBox) -> None:
    commit(box, make(box), {"README.md": CARD, "config.json": "{}", "model.safetensors": bytes(8)})
    page = box.get(NOBODY, "/ada/m/widget", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "great film" in page.text
    assert "Praise" in page.text
    told = box.get(NOBODY, "/ada/m/widget?example=1", headers={"accept": "text/html", "x-fragment": "widget"}).text
    assert "0.750" in told
    assert "<script>alert" not in told
    assert "&lt;script&gt;" in told
    assert "试一试" in box.get(NOBODY, "/ada/m/widget", headers={"accept": "text/html", "accept-language": "zh"}).text


def test_pictures_of_examples_come_from_the_own_repository_alone(box: HubBox) -> None:
    said = [
        {"src": "pictures/bear 1.png", "candidate_labels": "bear, cat", "example_title": "Bear"},
        {"src": "https://hub.example/ada/m/resolve/main/a%20b.png"},
        {"src": "https://evil.example/c.png"},
        {"src": "/etc/passwd"},
        {"src": "javascript:alert(1)"},
    ]
    facts = {"pipeline_tag": "zero-shot-image-classification", "widget_data": said}
    widget = widget_of("ada/m", facts)
    assert widget is not None
    assert [example.values["src"] for example in widget.examples] == ["pictures/bear 1.png", "a b.png"]
    assert widget.examples[0].values["candidate_labels"] == "bear, cat"


def test_the_picture_of_an_example_is_asked_without_being_sent(box: HubBox, model: Make) -> None:
    card = "---\npipeline_tag: image-classification\nwidget:\n- src: bear.png\n---\n"
    folder = model("vit")
    repo = make(box)
    data = (folder / "model.safetensors").read_bytes()
    upload(box, repo, data)
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".safetensors"]
    operations = [add(path.name, path.read_bytes()) for path in files]
    pictures = [add("bear.png", picture()), add("README.md", card)]
    send(box, repo, lines(large("model.safetensors", data), *pictures, *operations))
    box.settle()
    html = {"accept": "text/html"}
    page = box.get(NOBODY, "/ada/m/widget", headers=html).text
    assert 'src="/ada/m/resolve/main/bear.png"' in page
    asked = {"src": (None, "bear.png"), "file": ("", b"")}
    assert "Answered in" in box.post(NOBODY, "/ada/m/widget", files=asked, headers=html).text
    for odd in ("../x", "none.png", "a\0b"):
        assert box.post(NOBODY, "/ada/m/widget", files={"src": (None, odd)}, headers=html).status_code in (400, 404)


def test_a_graph_that_cuts_pictures_out_has_its_box_though_it_is_of_no_library(box: HubBox) -> None:
    card = "---\npipeline_tag: background-removal\n---\n# cut\n"
    commit(box, make(box), {"README.md": card, "u2netp.onnx": "weights"})
    box.settle()
    assert "/tools/background-removal?model=ada/m" in box.get(NOBODY, "/ada/m").text.replace("%2F", "/")


def test_a_stranger_finds_no_private_widget(box: HubBox) -> None:
    commit(box, make(box, private=True), {"README.md": CARD})
    assert box.get(EVE, "/ada/m/widget").status_code == 404
    assert box.post(EVE, "/ada/m/widget", files={"text": (None, "x")}).status_code == 404


def test_without_script_the_form_brings_a_page_with_the_answer(box: HubBox, model: Make) -> None:
    publish(box, model("bert-classifier"))
    page = box.post(NOBODY, "/ada/m/widget", files={"text": (None, FILM)}, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "POSITIVE" in page.text
    assert "[CLS]" in page.text
    assert FILM in page.text
    wrong = box.post(NOBODY, "/ada/m/widget", files={"text": (None, " ")}, headers={"accept": "text/html"})
    assert wrong.status_code == 400
    assert "The text is empty." in wrong.text


def test_where_nothing_is_found_the_page_says_so(box: HubBox, model: Make) -> None:
    publish(
        box, model("bert-classifier"), CARD.replace("output:\n  - {label: POSITIVE, score: 0.75}", 'output: {text: ""}')
    )
    assert "The model found nothing" in box.get(NOBODY, "/ada/m/widget?example=1").text
    assert "The model found nothing" not in box.get(NOBODY, "/ada/m/widget").text
    found = [{"label": "bear", "score": 1, "box": {"xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}}]
    assert [showing.shown("object-detection", {}, one).is_empty for one in ([], found)] == [True, False]
