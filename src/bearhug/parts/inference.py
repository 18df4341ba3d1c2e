"""The wing that runs models: worker processes, checked-out models, what asks them."""

from functools import cached_property

from bearhug.config import engine_variables
from bearhug.hub.chores.jobs import DAY, Chore
from bearhug.inference.cutouts.service import Cutouts
from bearhug.inference.deployments.keeper import Keeper
from bearhug.inference.deployments.planning import Plans
from bearhug.inference.deployments.service import Deployments
from bearhug.inference.environments.service import ENVIRONMENTS, Environments
from bearhug.inference.models.service import Models
from bearhug.inference.openai.service import Gateway
from bearhug.inference.run.service import Runs
from bearhug.inference.usage.service import Usage
from bearhug.inference.workers import machine
from bearhug.inference.workers.records import Limits
from bearhug.inference.workers.supervisor import Workers
from bearhug.parts.contents import Contents

WORKERS = "workers"
MODELS = "models"
MADE_AGAIN = frozenset({WORKERS, MODELS, ENVIRONMENTS})
"""Folders of the data that nobody has to keep: environments even stop to work when they are copied elsewhere."""


class Inference(Contents):
    """Models at work."""

    @cached_property
    def workers(self) -> Workers:
        limits = Limits(memory=self.config.inference_memory or machine.total_memory() // 2)
        return Workers(self.config.data / WORKERS, limits)

    @cached_property
    def models(self) -> Models:
        return Models(self.files, self.cards, self.config.data / MODELS)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.models, self.settings, self.workers)

    @cached_property
    def usage(self) -> Usage:
        return Usage(self.db, self.settings)

    def what_recurs(self) -> list[Chore]:
        return [*super().what_recurs(), Chore("usage", DAY, self.usage.roll)]

    @cached_property
    def environments(self) -> Environments:
        return Environments(self.config.data / ENVIRONMENTS, engine_variables())

    @cached_property
    def gateway(self) -> Gateway:
        return Gateway(self.deployments, self.listing)

    @cached_property
    def deployments(self) -> Deployments:
        plans = Plans(self.models, self.environments, self.settings)
        return Deployments(self.repos, self.cards, plans, self.workers)

    @cached_property
    def keeper(self) -> Keeper:
        return Keeper(self.deployments)

    @cached_property
    def cutouts(self) -> Cutouts:
        return Cutouts(self.runs, self.listing, self.repos)
