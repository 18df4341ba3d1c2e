"""Which models of the hub cut out, and what a worker must load to do it."""

from dataclasses import dataclass

from bearhug.base.errors import BadRequest, HubError, NotFound
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import Repos
from bearhug.inference.run.service import Runs
from bearhug.inference.workers.records import Plan

TASK = "background-removal"
SEGMENTATION = "image-segmentation"
MOST_LISTED = 50


@dataclass(frozen=True)
class Choice:
    """Models that an actor may cut out with: those made for it, and those of segmentation, which can do it too."""

    made_for_it: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def first(self) -> str | None:
        """What is taken where nobody chooses."""
        return next(iter((*self.made_for_it, *self.others)), None)

    def __contains__(self, model: str) -> bool:
        return model in self.made_for_it or model in self.others


class Cutouts:
    """Models, and plans for their workers."""

    def __init__(self, runs: Runs, listing: Listing, repos: Repos) -> None:
        self._runs = runs
        self._listing = listing
        self._repos = repos
        self.workers = runs.workers

    def choice(self, actor: Actor) -> Choice:
        """The hub's default first, then the most used."""
        default = self._runs.defaults().get(TASK)
        made_for_it = self._named(actor, TASK)
        if default and self._reads(actor, default):
            made_for_it = [default, *(name for name in made_for_it if name != default)]
        others = [name for name in self._named(actor, SEGMENTATION) if name not in made_for_it]
        return Choice(tuple(made_for_it), tuple(others))

    def plan(self, actor: Actor, model: str | None) -> Plan:
        """What a worker loads to cut out with a model, or with the first that there is."""
        wanted = model or self.choice(actor).first
        if wanted is None:
            raise NotFound("No model of this hub removes backgrounds yet. This page says how to bring one.")
        owner, slash, name = wanted.partition("/")
        if not slash:
            raise BadRequest("Models are named owner/name, as on their pages.")
        return self._runs.plan(actor, RepoName("model", owner, name), "main", TASK)

    def _named(self, actor: Actor, task: str) -> list[str]:
        question = Question("model", pipeline_tag=task, sort="downloads", limit=MOST_LISTED)
        with self._listing.db.reading() as tx:
            return [repo.full_name for repo in self._listing.page(tx, actor, question).repos]

    def _reads(self, actor: Actor, model: str) -> bool:
        owner, _, name = model.partition("/")
        try:
            with self._repos.db.reading() as tx:
                self._repos.open(tx, actor, RepoName("model", owner, name), Level.READ)
        except HubError:  # it is private, gated, or no longer there
            return False
        return True
