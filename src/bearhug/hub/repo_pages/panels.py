"""The panels that every hub has beside a card; wings and other rooms bring more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.formats.values import Json, list_of, mapping_of, text_of, whole_of
from bearhug.hub.access.records import Actor
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.evaluations import results
from bearhug.hub.repo_pages.licences import Licence, licence
from bearhug.hub.repo_pages.records import Front, Panel

MOST_SUBSETS = 20
MOST_SPLITS = 8
MOST_NAMES = 20


@dataclass(frozen=True)
class Subset:
    """A configuration of a data set, and its splits with their number of rows where that is told."""

    name: str
    splits: tuple[tuple[str, int | None], ...]
    is_default: bool = False


def _downloads(_actor: Actor, front: Front) -> Mapping[str, Any]:
    counts = wire.daily(front.days)
    return {"points": wire.spark(counts), "most": max(counts), "quiet": not any(counts)}


def _weights(_actor: Actor, front: Front) -> Mapping[str, Any] | None:
    facts = front.band.facts
    if front.band.repo.kind != "model" or not (facts.get("safetensors") or facts.get("gguf")):
        return None
    return {"safetensors": facts.get("safetensors") or {}, "gguf": facts.get("gguf") or {}}


def _results(_actor: Actor, front: Front) -> list[Any] | None:
    return results(front.band.facts) or None


def _details(_actor: Actor, front: Front) -> Mapping[str, Licence | None]:
    return {"licence": licence(front.band.facts, front.licence_file)}


def _tree(_actor: Actor, front: Front) -> bool | None:
    return bool(front.ties.lineage or front.ties.children) or None


def _datasets(_actor: Actor, front: Front) -> list[str] | None:
    names = front.band.facts.get("datasets") if front.band.repo.kind == "model" else ()
    return list(names or ())[:MOST_NAMES] or None


def _used(_actor: Actor, front: Front) -> list[tuple[str, str]] | None:
    """Kind and name of what a Space uses."""
    if front.band.repo.kind != "space":
        return None
    facts = front.band.facts
    found = [(kind, name) for kind in ("model", "dataset") for name in facts.get(f"{kind}s") or ()]
    return found[: 2 * MOST_NAMES] or None


def _subsets(_actor: Actor, front: Front) -> list[Subset] | None:
    return subsets(mapping_of(front.band.facts.get("card_data"))) if front.band.repo.kind == "dataset" else None


def _spaces(_actor: Actor, front: Front) -> tuple[str, ...] | None:
    return front.ties.spaces or None


def _trained(_actor: Actor, front: Front) -> int | None:
    return front.ties.trained or None


def _of(key: str, facts: Callable[[Actor, Front], Any]) -> Panel:
    return Panel(key, "side", f"repo_pages/panels/{key}.html", facts)


BEFORE = (_of("downloads", _downloads), _of("weights", _weights))
AFTER = (
    _of("details", _details),
    _of("results", _results),
    _of("subsets", _subsets),
    _of("tree", _tree),
    _of("datasets", _datasets),
    _of("trained", _trained),
    _of("used", _used),
    _of("spaces", _spaces),
)


def in_order(brought: tuple[Panel, ...]) -> tuple[Panel, ...]:
    """Numbers first, then what wings bring, then what is known of the repository."""
    return (*BEFORE, *brought, *AFTER)


def subsets(card: Mapping[str, Json]) -> list[Subset] | None:
    """Configurations that the card names, with the splits of their files and the rows that it tells."""
    rows = _rows(card)
    found: dict[str, Subset] = {}
    for item in map(mapping_of, list_of(card.get("configs"))[:MOST_SUBSETS]):
        name = text_of(item.get("config_name")) or "default"
        files = [text_of(mapping_of(file).get("split")) for file in list_of(item.get("data_files"))]
        splits = dict.fromkeys([*(split for split in files if split), *rows.get(name, {})])
        told = tuple((split[:60], rows.get(name, {}).get(split)) for split in list(splits)[:MOST_SPLITS])
        found[name] = Subset(name[:100], told, item.get("default") is True)
    for name, splits_of in rows.items():
        found.setdefault(name, Subset(name[:100], tuple(splits_of.items())[:MOST_SPLITS]))
    return list(found.values())[:MOST_SUBSETS] or None


def _rows(card: Mapping[str, Json]) -> dict[str, dict[str, int | None]]:
    said = card.get("dataset_info")
    found: dict[str, dict[str, int | None]] = {}
    for info in map(mapping_of, said[:MOST_SUBSETS] if isinstance(said, list) else [said]):
        splits = {
            (text_of(split.get("name")) or "")[:60]: whole_of(split.get("num_examples"))
            for split in map(mapping_of, list_of(info.get("splits"))[:MOST_SPLITS])
        }
        if splits:
            found[text_of(info.get("config_name")) or "default"] = splits
    return found
