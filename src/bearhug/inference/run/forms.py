"""What the widget asks for, task by task, and what people type becomes a call."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bearhug.base.errors import BadRequest

MOST_EXAMPLES = 12
LONGEST_PATH = 500
_DOWNLOAD = re.compile(r"https?://[^/]+/[^/]+/[^/]+/(?:resolve|raw)/main/([^?#]+)")
LONGEST = 20_000


@dataclass(frozen=True)
class Field:
    """A field of the form: `kind` is text, lines, line, labels, table, picture, sound, number or flag."""

    name: str
    kind: str
    label: str


TEXT = Field("text", "text", "Text")
PICTURE = Field("file", "picture", "Picture")
SOUND = Field("file", "sound", "Sound")
LABELS = Field("candidate_labels", "labels", "Labels, with commas between them")
LENGTH = Field("max_new_tokens", "number", "At most so many new tokens")

FORMS: dict[str, tuple[Field, ...]] = {
    "text-classification": (TEXT,),
    "zero-shot-classification": (TEXT, LABELS, Field("multi_label", "flag", "Several labels may be true")),
    "token-classification": (TEXT,),
    "question-answering": (Field("question", "line", "Question"), Field("context", "text", "Context")),
    "table-question-answering": (
        Field("question", "line", "Question"),
        Field("table", "table", "Table: one row a line, commas between cells, names of the columns first"),
    ),
    "fill-mask": (TEXT,),
    "summarization": (TEXT, LENGTH),
    "translation": (TEXT, LENGTH),
    "text2text-generation": (TEXT, LENGTH),
    "text-generation": (TEXT, LENGTH),
    "feature-extraction": (TEXT,),
    "sentence-similarity": (
        Field("source_sentence", "line", "Sentence"),
        Field("sentences", "lines", "Sentences to compare it with, one a line"),
    ),
    "text-ranking": (Field("query", "line", "Query"), Field("texts", "lines", "Texts, one a line")),
    "image-classification": (PICTURE,),
    "zero-shot-image-classification": (PICTURE, LABELS),
    "image-segmentation": (PICTURE,),
    "background-removal": (PICTURE,),
    "object-detection": (PICTURE,),
    "depth-estimation": (PICTURE,),
    "image-to-text": (PICTURE,),
    "automatic-speech-recognition": (SOUND,),
    "audio-classification": (SOUND,),
}

SILENT = frozenset(
    {"table-question-answering"} | {task for task, fields in FORMS.items() if fields[0].kind in ("picture", "sound")}
)
"""Tasks whose steps the page does not show."""

FIRST: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {
        "zero-shot-classification": {
            "text": "My suitcase did not arrive with the plane.",
            "candidate_labels": "travel, food, sport",
        },
        "token-classification": {
            "text": "My name is Ada and I live in London.",
        },
        "question-answering": {
            "question": "Where do I live?",
            "context": "My name is Ada and I live in London.",
        },
        "table-question-answering": {
            "question": "Who lives in Paris?",
            "table": "Name,City\nAda,London\nBlaise,Paris",
        },
        "sentence-similarity": {
            "source_sentence": "A happy person",
            "sentences": "A very happy man\nA glad dog\nToday it rains",
        },
        "text-ranking": {
            "query": "How tall is the tower?",
            "texts": "The tower is 300 metres tall.\nBread needs salt.",
        },
        "text-generation": {
            "text": "Once upon a time",
            "max_new_tokens": "40",
        },
        "*": {
            "text": "I love this film, and I will see it again.",
        },
    },
    "zh": {
        "zero-shot-classification": {
            "text": "我的行李没有随飞机一起到达。",
            "candidate_labels": "旅行, 美食, 体育",
        },
        "token-classification": {
            "text": "我叫李明，住在北京。",
        },
        "question-answering": {
            "question": "我住在哪里？",
            "context": "我叫李明，住在北京。",
        },
        "table-question-answering": {
            "question": "谁住在巴黎？",
            "table": "姓名,城市\n李明,北京\n布莱兹,巴黎",
        },
        "sentence-similarity": {
            "source_sentence": "一个快乐的人",
            "sentences": "一个非常快乐的男人\n一只高兴的狗\n今天下雨",
        },
        "text-ranking": {
            "query": "这座塔有多高？",
            "texts": "这座塔高三百米。\n做面包要放盐。",
        },
        "text-generation": {
            "text": "从前有一只熊，",
            "max_new_tokens": "40",
        },
        "*": {
            "text": "我很喜欢这部电影，还想再看一遍。",
        },
    },
}
"""What stands in the form where the card brings no example, by the model's language and task."""


@dataclass(frozen=True)
class Example:
    """One example of the card: what it fills in, its title, and its output if the card tells it."""

    values: Mapping[str, str]
    title: str
    output: Any = None


def examples(task: str, facts: Mapping[str, Any]) -> list[Example]:
    """The card's examples; else one of ours. Files are taken from the model's own repository, from nowhere else."""
    mask = str(facts.get("mask_token") or "[MASK]")
    said = [one for one in facts.get("widget_data") or [] if isinstance(one, dict)]
    found = [example for one in said[:MOST_EXAMPLES] if (example := _example(task, one, mask))]
    if found or FORMS[task][0].kind in ("picture", "sound"):
        return found
    language = next((one for one in facts.get("languages") or () if one in FIRST), "en")
    ours = FIRST[language].get(task) or FIRST[language]["*"]
    if task == "fill-mask":
        ours = {"text": f"北{mask}是中国的首都。" if language == "zh" else f"Paris is the capital of {mask}."}
    return [Example(ours, "")]


def _example(task: str, said: Mapping[str, Any], mask: str) -> Example | None:
    values: dict[str, str] = {}
    if FORMS[task][0].kind in ("picture", "sound"):
        path = _own_path(str(said.get("src") or ""))
        if not path:
            return None
        values["src"] = path
    for field in FORMS[task]:
        value = said.get(field.name, said.get("text") if field.name in ("question", "query") else None)
        if value is not None:
            values[field.name] = _typed(value).replace("<mask>", mask)[:LONGEST]
    if not values:
        return None
    title = str(said.get("example_title") or next(iter(values.values())))
    return Example(values, title[:80], said.get("output"))


def _own_path(address: str) -> str:
    """The file of the repository that an example names: by its path, or by an address as downloads have it."""
    found = _DOWNLOAD.match(address)
    path = unquote(found[1]) if found else address.removeprefix("./")
    is_path = path and len(path) <= LONGEST_PATH and ":" not in path and not path.startswith("/")
    return path if is_path else ""


def _typed(value: Any) -> str:
    """A value of the card as people would type it."""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    if isinstance(value, dict):
        columns = [value[name] if isinstance(value[name], list) else [value[name]] for name in value]
        rows = [list(value), *zip(*columns, strict=False)]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue()
    return str(value)


def asked(task: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Inputs and parameters from what was typed; files come beside."""
    values = {field.name: _read(field, form.get(field.name, "")) for field in FORMS[task] if field.name != "file"}
    parameters = {
        name: values.pop(name) for name in ("candidate_labels", "multi_label", "max_new_tokens") if name in values
    }
    inputs = values.get("text") if set(values) <= {"text"} else values
    return {
        "inputs": inputs,
        "parameters": {key: value for key, value in parameters.items() if value not in (None, "")},
    }


def _read(field: Field, text: str) -> Any:
    text = text.replace("\r\n", "\n")[:LONGEST]
    match field.kind:
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "table":
            return _columns(text)
        case "flag":
            return bool(text)
        case "number":
            return int(text) if text.strip().isdecimal() and len(text) < 6 else None
        case _:
            return text


def _columns(text: str) -> dict[str, list[str]]:
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        raise BadRequest("Write the table as lines of cells with commas between them, the names of the columns first.")
    return {name.strip(): [row[at].strip() for row in rows[1:]] for at, name in enumerate(rows[0])}
