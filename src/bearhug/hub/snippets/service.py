"""Which code is offered for a repository, each with the address of this hub in it."""

import re
from collections.abc import Mapping
from typing import Any

from bearhug.formats.values import list_of, text_of
from bearhug.hub.snippets import data_sets
from bearhug.hub.snippets.aiming import aimed
from bearhug.hub.snippets.answers import filled, known
from bearhug.hub.snippets.records import Offer, Snippet
from bearhug.hub.snippets.trees import tables, texts

MOST_LIBRARIES = 8
MOST_SNIPPETS = 4
_UNSURE = re.compile(r"(?im)^.*(?:type of model unknown|unknown model type|unknown pipeline tag).*\n?")
"""A line by which the library's functions say that they do not know this model."""
PACKAGES = {"transformers.js": "@huggingface/transformers"}
"""Libraries of JavaScript, and what they are imported from."""


def libraries(kind: str, full_name: str, facts: Mapping[str, Any], url: str) -> list[Offer]:
    """Libraries that can load the repository, the one it was made with first; the client of the hub always."""
    offers: list[Offer] = []
    if kind == "model":
        offers = _offers("libraries", _candidates(facts), full_name, facts, url)
    elif kind == "dataset":
        offers = data_sets.offers(full_name, facts, url)
    return [*offers[:MOST_LIBRARIES], _client(kind, full_name, url)]


def programs(full_name: str, facts: Mapping[str, Any], url: str) -> list[Offer]:
    """Programs that serve the model on one's own machine."""
    return _offers("apps", list(tables()["apps"]), full_name, facts, url)


def _candidates(facts: Mapping[str, Any]) -> list[str]:
    """The library that the card or the files name, then those that tags name."""
    said = [text_of(facts.get("library_name")), *(text_of(tag) for tag in list_of(facts.get("tags")))]
    return list(dict.fromkeys(key for key in said if key and key in tables()["libraries"]))


def _offers(table: str, keys: list[str], full_name: str, facts: Mapping[str, Any], url: str) -> list[Offer]:
    answers = known(facts)
    found = []
    for key in keys:
        entry = tables()[table][key]
        made = [
            Snippet(_here(filled(code, full_name, answers), full_name, url, key), item.get("title") or "")
            for item in texts(entry["tree"], answers)[:MOST_SNIPPETS]
            if (code := _sure(item["code"]))
        ]
        if made:
            found.append(Offer(key, entry["label"], tuple(made), entry.get("docs")))
    return found


def _sure(text: str) -> str:
    """The code without the remark that the model is unknown; nothing if it then does nothing with the model."""
    left = _UNSURE.sub("", text)
    return left if left == text or "REPO_" in left else ""


def _here(text: str, full_name: str, url: str, key: str) -> str:
    moved = text.strip("\n").replace(f"https://huggingface.co/{full_name}", f"{url}/{full_name}")
    return aimed(moved, url, PACKAGES.get(key))


def _client(kind: str, full_name: str, url: str) -> Offer:
    more = "" if kind == "model" else f', repo_type="{kind}"'
    code = f'from huggingface_hub import snapshot_download\n\nfolder = snapshot_download("{full_name}"{more})'
    return Offer("huggingface_hub", "huggingface_hub", (Snippet(aimed(code, url)),))
