"""The parameters that a page offers, each with its bounds; what is typed becomes fields of the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.base.errors import BadRequest

MOST_STOPS = 16
LONGEST = 400


@dataclass(frozen=True)
class Parameter:
    """A number, or lines of text; `usual` stands in the form at first, an empty field leaves it to the model."""

    name: str
    label: str
    hint: str
    low: float = 0
    high: float = 0
    step: str = "1"
    usual: str = ""
    kind: str = "number"
    rare: bool = False

    @property
    def is_whole(self) -> bool:
        return self.step == "1"


PARAMETERS = (
    Parameter("temperature", "Temperature", "0 always takes the likeliest token", 0, 2, "0.05", "0.7"),
    Parameter("max_tokens", "At most so many tokens", "empty: as many as fit", 1, 1 << 20),
    Parameter("top_p", "Top p", "only tokens that make up this share", 0.01, 1, "0.01", "0.95"),
    Parameter("top_k", "Top k", "only the k likeliest tokens", 1, 1 << 20, rare=True),
    Parameter("frequency_penalty", "Frequency penalty", "against words said often", -2, 2, "0.1", rare=True),
    Parameter("presence_penalty", "Presence penalty", "against words said before", -2, 2, "0.1", rare=True),
    Parameter("repetition_penalty", "Repetition penalty", "1 changes nothing", 0.1, 10, "0.05", rare=True),
    Parameter("seed", "Seed", "the same seed draws the same answer", 0, (1 << 53) - 1, rare=True),
    Parameter("stop", "Stop words", "one a line", kind="lines", rare=True),
    Parameter("logprobs", "Show how likely each token was", "", kind="flag"),
)
NAMES = tuple(one.name for one in PARAMETERS)


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields: what was sent, else what is usual."""
    if not any(name in form for name in NAMES):
        return {one.name: one.usual for one in PARAMETERS}
    return {name: form.get(name, "").replace("\r\n", "\n")[:LONGEST] for name in NAMES}


def fields(values: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the API that people's words mean."""
    found: dict[str, Any] = {}
    for one in PARAMETERS:
        text = values.get(one.name, "").strip()
        if text and one.kind == "flag":
            found[one.name] = True
        elif text and one.kind == "lines":
            found[one.name] = [line for line in text.split("\n") if line][:MOST_STOPS]
        elif text:
            found[one.name] = _number(one, text)
    return found


def _number(one: Parameter, text: str) -> float | int:
    try:
        value = int(text) if one.is_whole else float(text)
    except ValueError:
        value = float("nan")
    if not one.low <= value <= one.high:
        raise BadRequest(f"{one.name} is a number from {one.low:g} to {one.high:g}.")
    return value
