"""Requests and answers of every task, held against the schemas that its clients are made from."""

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.requests import Request
from tests.inference.tasks import published
from tests.inference.tasks.samples import CONTEXT, FILM, TABLE, picture, sound

from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.inference.run import wire
from bearhug.inference.tasks import table
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.servant import TaskServant
from bearhug.inference.workers.records import Piece
from bearhug.inference.workers.servant import Order

Make = Callable[[str], Path]
PYTHON, JAVASCRIPT = "unknown/None; hf_hub/2.4.0", "@huggingface/inference 4.13.30"
PICTURE, SOUND = base64.b64encode(picture()).decode(), base64.b64encode(sound()).decode()
SHORT = {"max_new_tokens": 4}
REWRITING = {"clean_up_tokenization_spaces": True, "truncation": "longest_first", "generate_parameters": SHORT}
LABELS = ["film", "city"]

ASKED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "text-classification": ("bert-classifier", FILM, {"function_to_apply": "sigmoid", "top_k": 1}),
    "zero-shot-classification": (
        "bert-nli",
        FILM,
        {"candidate_labels": LABELS, "hypothesis_template": "it is {}", "multi_label": True},
    ),
    "token-classification": (
        "bert-ner",
        CONTEXT,
        {"ignore_labels": ["PER"], "stride": 8, "aggregation_strategy": "max"},
    ),
    "question-answering": (
        "bert-qa",
        {"question": "where is ada ?", "context": CONTEXT},
        {
            "top_k": 2,
            "doc_stride": 8,
            "max_answer_len": 5,
            "max_seq_len": 48,
            "max_question_len": 12,
            "handle_impossible_answer": True,
            "align_to_words": False,
        },
    ),
    "table-question-answering": (
        "tapas",
        {"table": TABLE, "question": "who lives in paris ?"},
        {"padding": "longest", "sequential": True, "truncation": True},
    ),
    "fill-mask": ("bert-mlm", "ada lives in [MASK]", {"top_k": 2, "targets": ["london", "paris"]}),
    "summarization": ("t5", FILM, REWRITING),
    "translation": ("t5", FILM, {"src_lang": "en", "tgt_lang": "zh", **REWRITING}),
    "text2text-generation": ("t5", FILM, REWRITING),
    "text-generation": (
        "gpt2",
        "ada lives",
        {
            "best_of": 2,
            "decoder_input_details": True,
            "details": True,
            "do_sample": True,
            "frequency_penalty": 0.5,
            "repetition_penalty": 1.1,
            "return_full_text": True,
            "seed": 3,
            "stop": ["paris"],
            "temperature": 0.7,
            "top_k": 20,
            "top_n_tokens": 2,
            "top_p": 0.9,
            "truncate": 10,
            "typical_p": 0.9,
            "watermark": True,
            **SHORT,
        },
    ),
    "feature-extraction": (
        "sentences",
        [FILM, CONTEXT],
        {"normalize": True, "prompt_name": None, "truncate": True, "truncation_direction": "left"},
    ),
    "sentence-similarity": ("sentences", {"source_sentence": FILM, "sentences": [FILM, CONTEXT]}, {}),
    "text-ranking": ("bert-reranker", {"query": FILM, "texts": [FILM, CONTEXT]}, {"return_text": True}),
    "image-classification": ("vit", PICTURE, {"function_to_apply": "softmax", "top_k": 2}),
    "zero-shot-image-classification": (
        "clip",
        PICTURE,
        {"candidate_labels": LABELS, "hypothesis_template": "a {}"},
    ),
    "image-segmentation": (
        "segformer",
        PICTURE,
        {"mask_threshold": 0.5, "overlap_mask_area_threshold": 0.5, "subtask": "semantic", "threshold": 0.5},
    ),
    "background-removal": ("segformer", PICTURE, {}),
    "object-detection": ("yolos", PICTURE, {"threshold": 0.0}),
    "depth-estimation": ("glpn", PICTURE, {}),
    "image-to-text": ("caption", PICTURE, {"generation_parameters": SHORT, **SHORT}),
    "automatic-speech-recognition": ("ctc", SOUND, {"return_timestamps": False, "generation_parameters": {}}),
    "audio-classification": ("sounds", SOUND, {"function_to_apply": "none", "top_k": 2}),
}
"""For each task a tiny model, inputs, and every parameter that its schema names."""

NOT_DONE = {"adapter_id"}
"""Parameters of text-generation that are refused by name, with what does the same."""
ELSEWHERE = {"grammar"}
"""Parameters that need another tokenizer than tiny models have: tests/inference/engine/test_forms.py tries them."""
FIRST_OF_LIST = {"text-classification", "summarization", "translation", "text-generation"}
"""Tasks of which clients take the first of the list that comes over the wire."""
ONE_OF_LIST = {"question-answering", "table-question-answering"}
"""Tasks of which the schema has a list, and clients take one alone as well."""


def is_list_of(answer: Any, **fields: type | tuple[type, ...]) -> bool:
    return bool(answer) and all(isinstance(one[name], kind) for one in answer for name, kind in fields.items())


OWN_SHAPES: dict[str, Callable[[Any], bool]] = {
    "text2text-generation": lambda answer: is_list_of(answer, generated_text=str),
    "text-ranking": lambda answer: is_list_of(answer, index=int, score=float),
    "background-removal": lambda answer: Image.open(io.BytesIO(answer)).mode == "RGBA",
}
"""Tasks without a schema: as text-generation; as text-embeddings-inference; a PNG."""


def call(body: dict[str, Any], agent: str) -> Call:
    """A request with this body from that client."""
    headers = [(b"user-agent", agent.encode()), (b"content-type", b"application/json")]
    found = Call(Request({"type": "http", "method": "POST", "path": "/", "headers": headers}), {}, "")
    found.content = json.dumps(body).encode()
    return found


def body_of(task: str, *, bare: bool = False) -> dict[str, Any]:
    """What a client sends; `bare` without the parameters that may be missing."""
    _, inputs, parameters = ASKED[task]
    if bare:
        parameters = {name: value for name, value in parameters.items() if name == "candidate_labels"}
    return {"inputs": inputs, **(parameters if task in wire.AT_ROOT else {"parameters": parameters})}


def answered(servant: TaskServant, task: str, body: dict[str, Any], agent: str) -> Any:
    """Through the wire and back: JSON, or the bytes of a picture."""
    asking = call(body, agent)
    asked, blob = wire.question(asking, task)
    [item] = servant.answer(Order(asked, blob, threading.Event()))
    answer = wire.answer(asking, task, asked, Piece(item.data, item.blob))
    return bytes(answer.body) if item.blob else json.loads(answer.body, parse_constant=pytest.fail)


def as_read(task: str, answer: Any) -> Any:
    """What the schema speaks of."""
    if task in FIRST_OF_LIST or (task == "image-to-text" and isinstance(answer, list)):
        return answer[0]
    return [answer] if task in ONE_OF_LIST and isinstance(answer, dict) else answer


def test_every_task_is_held_against_a_schema_or_a_shape_of_its_own() -> None:
    assert set(ASKED) == set(table.TASKS)
    assert set(table.TASKS) - set(OWN_SHAPES) == published.TASKS


@pytest.mark.parametrize("task", ASKED)
def test_requests_and_answers_are_what_the_schema_says(task: str, model: Make) -> None:
    servant = TaskServant(task, str(model(ASKED[task][0])))
    for bare in (True, False):
        body = body_of(task, bare=bare)
        if task not in OWN_SHAPES:
            published.validator(task, "input").validate(body)
        for agent in (PYTHON, JAVASCRIPT):
            answer = answered(servant, task, body, agent)
            if task in OWN_SHAPES:
                assert OWN_SHAPES[task](answer)
            else:
                published.validator(task, "output").validate(as_read(task, answer))


@pytest.mark.parametrize("task", sorted(published.TASKS))
def test_every_parameter_of_the_schema_is_taken_with_all_its_values(task: str) -> None:
    known = published.parameters(task)
    assert set(ASKED[task][2]) == set(known) - NOT_DONE - ELSEWHERE
    take = table.find(task).__call__
    for name, schema in known.items():
        for value in values(schema):
            if name in NOT_DONE:
                with pytest.raises(BadRequest, match=f'no parameter "{name}"'):
                    checked(take, {name: value})
            else:
                assert checked(take, {name: value}) == ({} if value is None else {name: value})


def values(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that a schema allows."""
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        for one in choices:
            yield from values(one)
    elif "const" in schema or "enum" in schema:
        yield from schema.get("enum") or [schema["const"]]
    else:
        samples = {"boolean": [True, False], "integer": [1, 2], "number": [0.5, 1], "string": ["a"], "null": [None]}
        yield from samples.get(schema.get("type", ""), [["a"]] if schema.get("type") == "array" else [{}])


@pytest.mark.parametrize(("task", "of"), [("image-segmentation", "maskformer"), ("token-classification", "bert-ner")])
def test_other_kinds_of_answers_are_what_the_schema_says(task: str, of: str, model: Make) -> None:
    servant = TaskServant(task, str(model(of)))
    more = {"image-segmentation": {"threshold": 0.0}, "token-classification": {"aggregation_strategy": "none"}}
    answer = answered(servant, task, {"inputs": ASKED[task][1], "parameters": more[task]}, JAVASCRIPT)
    assert answer
    published.validator(task, "output").validate(answer)


def test_a_stream_s_events_are_what_the_schema_says(model: Make) -> None:
    servant = TaskServant("text-generation", str(model("gpt2")))
    asked = {"inputs": "ada lives", "parameters": {"details": True, **SHORT}, "stream": True}
    published.validator("text-generation", "input").validate(asked)
    read, *events = [item.data for item in servant.answer(Order(asked, b"", threading.Event()))]
    assert read["prompt"] == events[-1]["details"]["input_length"]
    for event in events:
        published.validator("text-generation", "stream_output").validate(event)
