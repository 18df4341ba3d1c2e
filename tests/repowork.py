"""Repositories with content, made the way clients make them."""

import base64
import hashlib
import json
from typing import Any

import httpx
from tests.hubbox import HubBox
from tests.people import ADA, Person


def make(box: HubBox, name: str = "m", kind: str = "model", person: Person = ADA, **more: Any) -> str:
    """A new repository; gives its full name."""
    answer = box.post(person, "/api/repos/create", json={"name": name, "type": kind, **more})
    assert answer.status_code == 200, answer.text
    return f"{more.get('organization', person.name)}/{name}"


def lines(*operations: tuple[str, dict[str, Any]], summary: str = "change", **header: Any) -> bytes:
    """The NDJSON of a commit."""
    parts: list[tuple[str, dict[str, Any]]] = [("header", {"summary": summary, **header}), *operations]
    return b"".join(json.dumps({"key": key, "value": value}).encode() + b"\n" for key, value in parts)


def add(path: str, content: bytes | str) -> tuple[str, dict[str, Any]]:
    data = content.encode() if isinstance(content, str) else content
    return "file", {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"}


def large(path: str, content: bytes) -> tuple[str, dict[str, Any]]:
    return "lfsFile", {"path": path, "algo": "sha256", "oid": hashlib.sha256(content).hexdigest(), "size": len(content)}


def send(
    box: HubBox, repo: str, body: bytes, person: Person = ADA, rev: str = "main", types: str = "models"
) -> httpx.Response:
    """POST a commit."""
    headers = {"content-type": "application/x-ndjson"}
    return box.post(person, f"/api/{types}/{repo}/commit/{rev}", content=body, headers=headers)


def commit(box: HubBox, repo: str, files: dict[str, bytes | str], types: str = "models", **header: Any) -> str:
    """Commit files; gives the commit id. Indexing has been done when it returns."""
    answer = send(box, repo, lines(*(add(path, content) for path, content in files.items()), **header), types=types)
    assert answer.status_code == 200, answer.text
    box.settle()
    oid: str = answer.json()["commitOid"]
    return oid


def upload(box: HubBox, repo: str, content: bytes, prefix: str = "") -> str:
    """Send a large file's bytes by LFS; gives its sha256."""
    oid = hashlib.sha256(content).hexdigest()
    wanted = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(content)}]}
    answer = box.post(ADA, f"/{prefix}{repo}.git/info/lfs/objects/batch", json=wanted)
    actions = answer.json()["objects"][0].get("actions")
    if actions:
        done = box.http.put(actions["upload"]["href"], content=content)
        assert done.status_code < 300, done.text
    return oid
