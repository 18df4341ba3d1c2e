"""From a deployment, or from a model that nobody deployed, to what a worker loads."""

import hashlib
import json
from dataclasses import asdict, replace

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.hub.access.records import Actor
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.settings.service import Settings
from bearhug.inference.deployments.records import Deployment, Task
from bearhug.inference.engine import plans
from bearhug.inference.engine.plans import Options
from bearhug.inference.environments.service import Environments
from bearhug.inference.models.records import Checkout
from bearhug.inference.models.selection import SAFE
from bearhug.inference.models.service import Models
from bearhug.inference.workers.records import Plan

VECTORS = "bearhug.inference.openai.embedding:EmbeddingServant"
TOGETHER = 32
"""Calls for vectors that a worker has in hand: those that wait together share batches."""
WORDS = {Task.TEXT: "text", Task.VECTORS: "vectors"}
OF_VECTORS = ("auto", "transformers", "remote", "vllm")
"""Engines that make vectors."""
OF_RUNNERS = ("--runner", "--task", "--convert")
"""Flags that choose between writing and vectors."""


class Plans:
    """Checks models out and says how their workers run."""

    def __init__(self, models: Models, environments: Environments, settings: Settings) -> None:
        self._models = models
        self._environments = environments
        self._settings = settings

    def of(self, actor: Actor, found: Deployment, rev: str = "") -> Plan:
        """The plan of a deployment, at another revision if one is named."""
        if found.options.engine == "remote":
            if rev and rev != found.revision:
                raise BadRequest(f"{found.title} runs on another server: it has no revisions here.")
            key = f"{WORDS[found.task]} {found.title} {found.id}-{_mark(found.options)}"
            return plans.plan(found.options, self._environments, key=key, label=found.title)
        assert found.repo is not None
        return self.at(actor, found.repo, rev or found.revision, found.task, found.options, found.title)

    def at(self, actor: Actor, repo: Repo, rev: str, task: Task, options: Options, title: str) -> Plan:
        """The plan of a model at a revision. Plans that differ in nothing share a worker."""
        checkout = self._models.checkout(actor, RepoName(repo.kind, repo.owner, repo.name), rev, SAFE)
        self._refuse_pickles(actor, checkout)
        mark = "" if options == Options() else f" {_mark(options)}"
        key = f"{WORDS[task]} {checkout.repo.full_name}@{checkout.version}{mark}"
        local = plans.local(checkout, code=self._trusts(checkout.repo))
        if task is Task.VECTORS and options.engine not in ("vllm", "remote"):
            return _vectors(checkout, key, title)
        if task is Task.VECTORS:
            options = pooled(options)
        return plans.plan(options, self._environments, key=key, label=title, model=local)

    def _refuse_pickles(self, actor: Actor, found: Checkout) -> None:
        """Say at once what no engine would load, and what to do about it."""
        if found.facts.get("safetensors") or any(found.folder.rglob("*.safetensors")):
            return
        repo = found.repo
        if pickles := self._models.pickles(actor, RepoName(repo.kind, repo.owner, repo.name), found.commit):
            raise Unprocessable(
                f"The weights of this model are pickles ({pickles[0]}), which can run code when they are loaded. "
                "Engines take safetensors alone: convert them."
            )

    def _trusts(self, repo: Repo) -> bool:
        """Whether administrators let the code of a repository run."""
        return repo.full_name.lower() in self._settings.now().trusted_code.lower().replace(",", " ").split()


def pooled(options: Options) -> Options:
    """vLLM told to make vectors, unless its flags say already how it runs."""
    said = any(flag.partition("=")[0] in OF_RUNNERS for flag in options.flags)
    return options if said else replace(options, flags=("--runner", "pooling", *options.flags))


def _vectors(found: Checkout, key: str, label: str) -> Plan:
    local = plans.local(found)
    memory = plans.LIBRARIES + int(local.weights * plans.BYTES_PER_WEIGHT["fp32"])
    return Plan(key, label, VECTORS, {"folder": str(found.folder)}, memory, TOGETHER, largest_file=plans.LARGEST_GRAPH)


def _mark(options: Options) -> str:
    """Options as a few letters."""
    return hashlib.sha256(json.dumps(asdict(options), sort_keys=True).encode()).hexdigest()[:8]
