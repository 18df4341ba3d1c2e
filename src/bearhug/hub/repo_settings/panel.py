"""What stands above the card of a gated repository for those who are not inside."""

from dataclasses import dataclass

from bearhug.base.html import markdown
from bearhug.hub.access.records import Actor
from bearhug.hub.gates.records import Gate, Standing
from bearhug.hub.gates.service import Gates
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.records import Front, Panel
from bearhug.hub.repos.records import RepoName


@dataclass(frozen=True)
class Asking:
    """Where the reader stands, what they are asked, and the owner's own words as HTML."""

    gate: Gate
    standing: str
    signed_in: bool
    prompt: markdown.Text | None
    description: markdown.Text | None


def gate_panel(gates: Gates) -> Panel:
    """The form by which readers ask for access."""

    def facts(actor: Actor, front: Front) -> Asking | None:
        repo = front.band.repo
        if not repo.gated:
            return None
        gate = gates.at(actor, RepoName(repo.kind, repo.owner, repo.name))
        if gate.standing in (Standing.OPEN, Standing.INSIDE):
            return None
        here = wire.place(repo, "main")
        prompt, description = (
            markdown.render(text, here) if text else None for text in (gate.form.prompt, gate.form.description)
        )
        return Asking(gate, gate.standing.value, not actor.is_anonymous, prompt, description)

    return Panel("gate", "top", "repo_settings/ask.html", facts)
