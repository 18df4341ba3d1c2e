"""From a model's name to the worker that speaks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bearhug.hub.access.records import Actor
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.inference.deployments.records import Task, Wanted
from bearhug.inference.deployments.service import Deployments
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


TASK = "text-generation"
MOST_LISTED = 1000


@dataclass(frozen=True)
class Spoken:
    """A model that the gateway speaks for."""

    name: str
    created: datetime


class Gateway:
    """Plans for workers that speak; a model's name is its repository's, with `@revision` behind it if need be.

    Where somebody deployed a model, its deployment says how it runs; other names than those of models are deployments'.
    """

    def __init__(self, deployments: Deployments, listing: Listing) -> None:
        self._deployments = deployments
        self._listing = listing
        self.workers = deployments.workers

    def embedder(self, actor: Actor, model: str) -> Plan:
        """What a worker loads to make vectors with a model that the actor may read."""
        return self._deployments.plan(actor, model, Task.VECTORS)

    def plan(self, actor: Actor, model: str) -> Plan:
        """What a worker loads to speak for a model that the actor may read."""
        return self._deployments.plan(actor, model, Task.TEXT)

    def spoken(self, actor: Actor) -> list[Spoken]:
        """What the actor may call: deployments that are not stopped, then models that speak, the most used first."""
        question = Question("model", pipeline_tag=TASK, sort="downloads", limit=MOST_LISTED)
        with self._listing.db.reading() as tx:
            models = self._listing.page(tx, actor, question).repos
        deployed = self._deployments.listing(actor)
        stopped = {one.title for one in deployed if one.wanted is Wanted.STOPPED}
        told = {one.title: one.created_at for one in deployed if one.title not in stopped}
        told |= {repo.full_name: repo.created_at for repo in models if repo.full_name not in stopped}
        return [Spoken(name, created) for name, created in told.items()]

    def one(self, actor: Actor, model: str) -> Spoken:
        """A model that the actor may read, or a deployment. Raises RepoNotFound or NotFound."""
        repo, found = self._deployments.named(actor, model.partition("@")[0])
        if found is not None:
            return Spoken(found.title, found.created_at)
        assert repo is not None
        return Spoken(repo.full_name, repo.created_at)
