"""What the page of a model says of its deployments."""

from dataclasses import dataclass

from bearhug.hub.access.records import Actor
from bearhug.hub.repo_pages.records import Front, Panel
from bearhug.inference.deployments import standing
from bearhug.inference.deployments.records import Deployment, Live
from bearhug.inference.deployments.service import TAGS_OF_VECTORS, Deployments

SPEAKING = ("text-generation", "image-text-to-text", "conversational", *TAGS_OF_VECTORS)


@dataclass(frozen=True)
class Served:
    """The deployments of a model; `may_add` offers another one."""

    model: str
    found: tuple[tuple[Deployment, Live], ...]
    may_add: bool


def panel(deployments: Deployments) -> Panel:
    """Beside the card of models that speak or make vectors."""

    def facts(_actor: Actor, front: Front) -> Served | None:
        repo = front.band.repo
        if repo.kind != "model" or front.bare or front.band.facts.get("pipeline_tag") not in SPEAKING:
            return None
        found = deployments.of_repo(repo)
        lives = standing.live(deployments.workers, found)
        served = tuple((one, lives[one.id]) for one in found)
        return Served(repo.full_name, served, front.band.may_write) if served or front.band.may_write else None

    return Panel("deployments", "side", "deployments/panel.html", facts)
