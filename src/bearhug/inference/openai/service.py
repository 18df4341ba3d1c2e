"""From a model's name to the worker that speaks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bearhug.base.errors import NotFound
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import Repos
from bearhug.inference.models.records import Checkout
from bearhug.inference.models.selection import SAFE
from bearhug.inference.models.service import Models
from bearhug.inference.workers.records import Plan
from bearhug.inference.workers.supervisor import Workers


class Voices(Protocol):
    """Whoever knows models that speak, and the workers that speak for them."""

    @property
    def workers(self) -> Workers: ...

    def plan(self, actor: Actor, model: str, /) -> Plan: ...

    def embedder(self, actor: Actor, model: str, /) -> Plan: ...

    def spoken(self, actor: Actor, /) -> "list[Spoken]": ...

    def one(self, actor: Actor, model: str, /) -> "Spoken": ...


SERVANT = "bearhug.inference.engine.servant:TextServant"
EMBEDDER = "bearhug.inference.openai.embedding:EmbeddingServant"
LIBRARIES = 500 << 20
"""Bytes that a worker holds before it has a model."""
LARGEST_GRAPH = 256 << 30
WIDTH = 256
BYTES_PER_WEIGHT = {"int8": 1.2, "fp32": 4.2}
PRECISION = "int8"
TASK = "text-generation"
MOST_LISTED = 1000


@dataclass(frozen=True)
class Spoken:
    """A model that the gateway speaks for."""

    name: str
    created: datetime


class Gateway:
    """Plans for workers that speak; a model's name is its repository's, with `@revision` behind it if need be."""

    def __init__(self, models: Models, repos: Repos, listing: Listing, workers: Workers) -> None:
        self._models = models
        self._repos = repos
        self._listing = listing
        self.workers = workers

    def embedder(self, actor: Actor, model: str) -> Plan:
        """What a worker loads to make vectors with a model that the actor may read."""
        name, _, rev = model.partition("@")
        found = self._models.checkout(actor, _name(name), rev or "main", SAFE)
        key = f"vectors {found.repo.full_name}@{found.commit}"
        return Plan(key, found.repo.full_name, EMBEDDER, {"folder": str(found.folder)}, _memory(found, "fp32"))

    def spoken(self, actor: Actor) -> list[Spoken]:
        """Models of this hub that speak and that the actor may read, the most used first."""
        question = Question("model", pipeline_tag=TASK, sort="downloads", limit=MOST_LISTED)
        with self._repos.db.reading() as tx:
            found = self._listing.page(tx, actor, question).repos
        return [Spoken(repo.full_name, repo.created_at) for repo in found]

    def one(self, actor: Actor, model: str) -> Spoken:
        """A model that the actor may read. Raises RepoNotFound."""
        name = _name(model)
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name, Level.READ)
        return Spoken(repo.full_name, repo.created_at)

    def plan(self, actor: Actor, model: str) -> Plan:
        """What a worker loads to speak for a model that the actor may read."""
        name, _, rev = model.partition("@")
        found = self._models.checkout(actor, _name(name), rev or "main", SAFE)
        options = {
            "folder": str(found.folder),
            "graphs": str(found.folder.with_name(f"{found.folder.name}.graphs")),
            "precision": PRECISION,
        }
        key = f"text {found.repo.full_name}@{found.commit}"
        memory = _memory(found, PRECISION)
        return Plan(key, found.repo.full_name, SERVANT, options, memory, WIDTH, largest_file=LARGEST_GRAPH)


def _name(model: str) -> RepoName:
    owner, slash, short = model.partition("/")
    if not slash:
        raise NotFound(f'There is no model "{model}" here: models are named owner/name, as on their pages.')
    return RepoName("model", owner, short)


def _memory(found: Checkout, precision: str) -> int:
    counts = (found.facts.get("safetensors") or {}).get("parameters") or {}
    weights = sum(counts.values()) or found.size // 2
    return LIBRARIES + int(weights * BYTES_PER_WEIGHT[precision])
