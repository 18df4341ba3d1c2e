"""The widget of a model: what to ask it on its page, and what it said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.hub.access.records import Actor
from bearhug.hub.repo_pages.records import Front, Panel
from bearhug.inference.code import tasks
from bearhug.inference.code.records import Sample
from bearhug.inference.run import forms, showing
from bearhug.inference.run.forms import Example, Field
from bearhug.inference.run.showing import Shown
from bearhug.inference.tasks import table


@dataclass(frozen=True)
class Widget:
    """The form with what stands in it, and below it the answer or the reason why there is none."""

    name: str
    task: str
    label: str
    fields: tuple[Field, ...]
    examples: tuple[Example, ...]
    chosen: int = 0
    values: Mapping[str, str] | None = None
    shown: Shown | None = None
    steps: Mapping[str, Any] | None = None
    seconds: float | None = None
    error: str = ""

    @property
    def filled(self) -> Mapping[str, str]:
        """What stands in the form: what was typed, else the chosen example."""
        if self.values is not None:
            return self.values
        return self.examples[self.chosen].values if self.examples else {}

    @property
    def told(self) -> Shown | None:
        """What the card says the answer to the chosen example is."""
        if self.values is not None or not self.examples or self.examples[self.chosen].output is None:
            return None
        example = self.examples[self.chosen]
        return showing.of_card(self.task, example.values, example.output)

    def samples(self, url: str) -> list[Sample]:
        """Programs that ask what stands in the form; none where what stands there cannot be asked."""
        try:
            asked = forms.asked(self.task, self.filled)
        except BadRequest:
            return []
        return tasks.samples(self.task, f"{url}/models/{self.name}", asked)


def widget_of(name: str, facts: Mapping[str, Any], *, chosen: int = 0, **more: Any) -> Widget | None:
    """The widget of a model, if its task is one of ours and its card does not switch it off."""
    task = facts.get("pipeline_tag")
    task = table.ALIASES.get(str(task), task)
    if task not in table.TASKS or (facts.get("card_data") or {}).get("inference") is False:
        return None
    found = tuple(forms.examples(task, facts))
    at = chosen if 0 <= chosen < len(found) else 0
    return Widget(name, task, table.TASKS[task][0], forms.FORMS[task], found, at, **more)


def panel() -> Panel:
    """The widget above a model's card."""
    return Panel("widget", "top", "run/panel.html", _facts)


def _facts(_actor: Actor, front: Front) -> Widget | None:
    repo, facts = front.band.repo, front.band.facts
    cuts = facts.get("pipeline_tag") == "background-removal"  # its ONNX files belong to no library
    runs = facts.get("safetensors") or facts.get("gguf") or facts.get("library_name") in RUNNABLE or cuts
    if repo.kind != "model" or front.bare or not runs:
        return None
    return widget_of(repo.full_name, facts)


RUNNABLE = ("transformers", "sentence-transformers", "onnx")
"""Libraries whose models can be asked even where nothing is known of their weights yet."""
