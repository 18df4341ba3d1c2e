"""Outputs of tasks as the page shows them: bars, marked text, pictures."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_BARS = 20
MOST_NUMBERS = 64
COLOURS = 6


@dataclass(frozen=True)
class Span:
    """A piece of a text; those with a label are marked, in the colour of that label."""

    text: str
    label: str = ""
    colour: int = 0
    score: float = 0.0


@dataclass(frozen=True)
class Bar:
    """A label, its score, and how far the bar reaches, 0 to 100."""

    label: str
    score: float
    width: float


@dataclass(frozen=True)
class Shown:
    """What to draw; the parts that are empty are not there."""

    bars: tuple[Bar, ...] = ()
    spans: tuple[Span, ...] = ()
    text: str | None = None
    numbers: tuple[float, ...] = ()
    size: int = 0
    picture: str | None = None
    pictures: tuple[tuple[str, float | None, str], ...] = ()
    boxes: tuple[Mapping[str, Any], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look at: no object in the picture, not a word written."""
        drawn = self.bars or self.spans or self.numbers or self.picture or self.pictures or self.boxes
        return not drawn and not (self.text or "").strip()


def shown(task: str, asked: Mapping[str, Any], output: Any, blob: bytes = b"") -> Shown:
    """The drawing of one output."""
    if blob:
        return Shown(picture=_address(blob))
    drawn: Shown = DRAW.get(task, _text)(asked, output)
    return drawn


def _bars(_asked: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> Shown:
    return Shown(bars=bars([(str(one.get("label", "")), float(one["score"])) for one in output]))


def bars(pairs: Sequence[tuple[str, float]]) -> tuple[Bar, ...]:
    """Labels with scores; outside of 0 to 1 the longest bar is the largest number."""
    scale = max([1.0, *(abs(score) for _, score in pairs)])
    return tuple(Bar(label, score, round(100 * max(score, 0) / scale, 1)) for label, score in pairs[:MOST_BARS])


def _entities(asked: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> Shown:
    text = str(asked["inputs"])
    colours: dict[str, int] = {}
    spans, at = [], 0
    for one in sorted(output, key=lambda one: int(one["start"])):
        label = str(one.get("entity_group") or one.get("entity"))
        colour = colours.setdefault(label, len(colours) % COLOURS)
        if one["start"] < at:
            continue
        spans += [Span(text[at : one["start"]]), Span(text[one["start"] : one["end"]], label, colour, one["score"])]
        at = int(one["end"])
    return Shown(spans=(*spans, Span(text[at:])))


def _answer(asked: Mapping[str, Any], output: Any) -> Shown:
    best = output[0] if isinstance(output, list) else output
    context = str(asked["inputs"]["context"])
    start, end = int(best["start"]), int(best["end"])
    marked = Span(context[start:end], "answer", 0, float(best["score"]))
    return Shown(text=best["answer"], spans=(Span(context[:start]), marked, Span(context[end:])))


def _table_answer(_asked: Mapping[str, Any], output: Mapping[str, Any]) -> Shown:
    return Shown(text=str(output["answer"]), extra={"aggregator": output["aggregator"]})


def _gaps(_asked: Mapping[str, Any], output: Sequence[Any]) -> Shown:
    rows = output[0] if output and isinstance(output[0], list) else output
    return Shown(bars=bars([(str(one["token_str"]), float(one["score"])) for one in rows]))


def _near(asked: Mapping[str, Any], output: Sequence[float]) -> Shown:
    return Shown(bars=bars(list(zip(asked["inputs"]["sentences"], output, strict=True))))


def _ranked(asked: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> Shown:
    texts = asked["inputs"]["texts"]
    return Shown(bars=bars([(texts[one["index"]], float(one["score"])) for one in output]))


def _numbers(_asked: Mapping[str, Any], output: Sequence[Any]) -> Shown:
    row = output[0] if output and isinstance(output[0], list) else output
    largest = max((abs(float(value)) for value in row), default=1.0) or 1.0
    return Shown(numbers=tuple(round(float(value) / largest, 3) for value in row[:MOST_NUMBERS]), size=len(row))


def _text(_asked: Mapping[str, Any], output: Any) -> Shown:
    one = output[0] if isinstance(output, list) else output
    names = ("generated_text", "summary_text", "translation_text", "text")
    return Shown(text=next((str(one[name]) for name in names if name in one), str(one)))


def _masks(_asked: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> Shown:
    found = [
        (str(one["label"]), one.get("score"), f"data:image/png;base64,{one['mask']}") for one in output[:MOST_BARS]
    ]
    return Shown(pictures=tuple(found))


def _depth(_asked: Mapping[str, Any], output: Mapping[str, Any]) -> Shown:
    return Shown(picture=f"data:image/png;base64,{output['depth']}")


def _boxes(_asked: Mapping[str, Any], output: Sequence[Mapping[str, Any]]) -> Shown:
    found = [(str(one["label"]), float(one["score"])) for one in output]
    return Shown(boxes=tuple(output[:MOST_BARS]), bars=bars(found))


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


DRAW: Mapping[str, Any] = {
    "text-classification": lambda asked, output: _bars(asked, output[0] if isinstance(output[0], list) else output),
    "zero-shot-classification": _bars,
    "image-classification": _bars,
    "zero-shot-image-classification": _bars,
    "audio-classification": _bars,
    "token-classification": _entities,
    "question-answering": _answer,
    "table-question-answering": _table_answer,
    "fill-mask": _gaps,
    "sentence-similarity": _near,
    "text-ranking": _ranked,
    "feature-extraction": _numbers,
    "image-segmentation": _masks,
    "depth-estimation": _depth,
    "object-detection": _boxes,
}
"""How each task's output is drawn; the others are text."""


def of_card(task: str, values: Mapping[str, str], output: Any) -> Shown | None:
    """An output that the card tells, drawn without running anything; None where it has no known shape."""
    if isinstance(output, Mapping) and isinstance(output.get("text"), str):
        return Shown(text=output["text"])
    if isinstance(output, Mapping) and isinstance(output.get("answer"), str):
        return Shown(text=output["answer"])
    rows = [one for one in output if isinstance(one, Mapping)] if isinstance(output, list) else []
    pairs = [(str(one.get("label")), one["score"]) for one in rows if isinstance(one.get("score"), int | float)]
    return Shown(bars=bars(pairs)) if pairs and task and values is not None else None
