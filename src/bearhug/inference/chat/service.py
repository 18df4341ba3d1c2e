"""What pages must know of models that speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bearhug.hub.access.records import Actor
from bearhug.hub.repo_pages.records import Band, Tab
from bearhug.inference.openai.service import TASK, Spoken, Voices
from bearhug.inference.workers.records import State

Mode = Literal["chat", "text"]
LISTED = 60
CONVERSATIONAL = "conversational"
"""The tag of models with a chat template."""


@dataclass(frozen=True)
class Waiting:
    """How the model stands that somebody waits for: `state` is cold, loading or ready."""

    state: str
    seconds: int = 0
    before: int = 0


class Chats:
    """Models that speak."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices

    def spoken(self, actor: Actor) -> list[Spoken]:
        """Those that the actor may read, the most used first."""
        return self._voices.spoken(actor)

    def waiting(self, actor: Actor, model: str) -> Waiting:
        """How a model stands. Raises RepoNotFound for what the actor may not read."""
        name = self._voices.one(actor, model.partition("@")[0]).name
        known = [one for one in self._voices.workers.standings() if one.label == name and one.key.startswith("text ")]
        if not known:
            return Waiting("cold")
        chosen = next((one for one in known if one.state is State.LOADING), known[0])
        return Waiting(chosen.state.value, round(chosen.estimated), chosen.waiting)


def speaks(band: Band) -> bool:
    """Whether one can talk to a model; its card may say no."""
    facts = band.facts
    is_off = (facts.get("card_data") or {}).get("inference") is False
    return band.repo.kind == "model" and facts.get("pipeline_tag") == TASK and not is_off


def mode_of(facts: Mapping[str, Any], asked: str = "") -> Mode:
    """A conversation where the model has a chat template, else a text that goes on; readers may choose."""
    if asked in ("chat", "text"):
        return "chat" if asked == "chat" else "text"
    return "chat" if CONVERSATIONAL in (facts.get("tags") or ()) else "text"


def tab() -> Tab:
    """The way to the conversation, on the pages of models that speak."""
    return Tab("chat", "/chat", "chat", {"model": "Talk to it"}, speaks)
