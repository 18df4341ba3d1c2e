"""The previews as the page of a file takes them: one slot for each kind, and a last one for everything else."""

from functools import partial
from typing import Any

from bearhug.hub.access.records import Actor
from bearhug.hub.previews.kinds import KINDS
from bearhug.hub.previews.records import Kind, Sight
from bearhug.hub.previews.service import Previews
from bearhug.hub.previews.texts import beginning, first_bytes
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.records import Looked, Preview

REST = (Kind("text", (), beginning), Kind("bytes", (), first_bytes))


def preview_slots(previews: Previews) -> tuple[Preview, ...]:
    """What to put into the slots of the hub."""
    known = [Preview(kind.key, kind.template, partial(_known, previews, kind), endings=_source(kind)) for kind in KINDS]
    rest = [Preview(kind.key, kind.template, partial(_rest, previews, kind)) for kind in REST]
    return (*known, *rest)


def _source(kind: Kind) -> tuple[str, ...]:
    return kind.endings if kind.textual else ()


def _known(previews: Previews, kind: Kind, _actor: Actor, looked: Looked) -> Any:
    if not looked.found.path.lower().endswith(kind.endings) or (kind.textual and "plain" in looked.asked):
        return None
    return previews.look(kind, sight_of(looked))


def _rest(previews: Previews, kind: Kind, _actor: Actor, looked: Looked) -> Any:
    return previews.look(kind, sight_of(looked))


def sight_of(looked: Looked) -> Sight:
    """A file with the addresses that its preview needs."""
    repo, found = looked.band.repo, looked.found
    addresses = [wire.at(repo, view, looked.rev, found.path) for view in ("resolve", "blob")]
    roots = [f"{wire.at(repo, view, looked.rev)}/" for view in ("resolve", "blob")]
    return Sight(found.path, found.content, addresses[0], addresses[1], roots[0], roots[1], looked.asked)
