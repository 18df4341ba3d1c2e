"""Repository information as the Hub writes it."""

from collections.abc import Callable, Iterable
from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.hub.files.records import FileEntry
from bearhug.hub.info.fields import EXPANDABLE, INFO
from bearhug.hub.info.records import Info


def asked_fields(call: Call, kind: str, plain: set[str]) -> set[str]:
    """The fields of an answer: those of `expand`, or the plain ones."""
    asked = call.all("expand")
    unknown = [name for name in asked if name not in EXPANDABLE[kind]]
    if unknown:
        expected = "|".join(f'"{name}"' for name in EXPANDABLE[kind])
        raise BadRequest(f'Invalid option "{unknown[0][:50]}": expected one of {expected}')
    return set(asked) or plain


def info_json(info: Info, fields: Iterable[str], *, security: bool = False) -> dict[str, Any]:
    """One repository with the given fields; the id is always there."""
    repo = info.repo
    out: dict[str, Any] = {"_id": repo.hex_id, "id": repo.full_name}
    if repo.kind == "model":
        out["modelId"] = repo.full_name
    for name in sorted(fields):
        value = VALUES[name](info)
        if value is not None:
            out[name] = value
    if security:
        out["securityRepoStatus"] = {"scansDone": False, "filesWithIssues": []}
    return out


def siblings(info: Info) -> list[dict[str, Any]]:
    """Every file; with sizes and hashes where those were asked for."""
    if info.names:
        return [{"rfilename": name} for name in info.names]
    return [_sibling(item) for item in info.files]


def _sibling(item: FileEntry) -> dict[str, Any]:
    out: dict[str, Any] = {"rfilename": item.entry.path, "blobId": item.entry.oid, "size": item.size}
    if item.large:
        out["lfs"] = {"sha256": item.large.oid, "size": item.large.size, "pointerSize": item.large.pointer_size}
    return out


def _fact(name: str) -> Callable[[Info], Any]:
    return lambda info: info.facts.get(name)


def _subdomain(info: Info) -> str:
    return f"{info.repo.owner}-{info.repo.name}".lower().replace(".", "-").replace("_", "-")


def _card(name: str) -> Callable[[Info], Any]:
    return lambda info: (info.facts.get("card_data") or {}).get(name)


VALUES: dict[str, Callable[[Info], Any]] = {
    "author": lambda info: info.repo.owner,
    "baseModels": _fact("base_models"),
    "cardData": _fact("card_data"),
    "childrenModelCount": lambda info: sum(info.children.values()),
    "citation": _fact("citation"),
    "config": _fact("config"),
    "createdAt": lambda info: iso(info.repo.created_at),
    "datasets": lambda info: info.facts.get("datasets") or [],
    "description": _fact("description"),
    "disabled": lambda info: info.repo.disabled,
    "downloads": lambda info: info.repo.downloads,
    "downloadsAllTime": lambda info: info.repo.downloads_all,
    "evalResults": _fact("evaluations"),
    "gated": lambda info: info.repo.gated or False,
    "gguf": _fact("gguf"),
    "inference": lambda _info: None,
    "inferenceProviderMapping": lambda _info: None,
    "lastModified": lambda info: iso(info.repo.updated_at),
    "library_name": _fact("library_name"),
    "likes": lambda info: info.repo.likes,
    "mainSize": lambda info: sum(item.size for item in info.files),
    "mask_token": _fact("mask_token"),
    "model-index": _fact("model_index"),
    "models": lambda info: info.facts.get("models") or [],
    "paperswithcode_id": _card("paperswithcode_id"),
    "pipeline_tag": _fact("pipeline_tag"),
    "private": lambda info: info.repo.private,
    "region": lambda _info: None,
    "resourceGroup": lambda _info: None,
    "runtime": lambda _info: {"stage": "NO_APP_FILE", "hardware": {"current": None, "requested": None}},
    "safetensors": _fact("safetensors"),
    "sdk": _fact("sdk"),
    "sha": lambda info: info.commit,
    "siblings": siblings,
    "spaces": lambda info: list(info.spaces),
    "subdomain": _subdomain,
    "tags": lambda info: info.facts.get("tags") or [],
    "transformersInfo": _fact("transformers_info"),
    "trendingScore": lambda info: round(info.repo.trending, 3),
    "usedStorage": lambda info: info.repo.used_storage,
    "widgetData": _fact("widget_data"),
    "xetEnabled": lambda _info: True,
}


def plain_fields(kind: str) -> set[str]:
    return INFO[kind]
