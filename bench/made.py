"""What the questions put into a hub: files, folders of files, LFS objects, commits."""

import base64
import hashlib
import json
import os
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from bench.processes import rest
from bench.servers import Hub
from bench.wire import Connection

MIB = 1 << 20
GIT_ENV = {
    **os.environ,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def random_file(path: Path, size: int) -> str:
    """Write `size` bytes that do not compress; their sha256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for at in range(0, size, MIB):
            block = os.urandom(min(MIB, size - at))
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def sparse_file(path: Path, size: int) -> str:
    """A file of zeros that takes no room; its sha256."""
    with path.open("wb") as file:
        file.truncate(size)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_files(count: int, seed: int = 0) -> Iterable[tuple[str, bytes]]:
    """Small texts of 200 to 4,000 bytes, compressible by half, in folders of 100: (path, content)."""
    chance = random.Random(seed)
    for number in range(count):
        content = f"{number} {chance.randbytes(chance.randrange(100, 2000)).hex()}\n".encode()
        yield f"part-{number // 100:04}/text-{number:06}.txt", content


def text_folder(folder: Path, count: int, seed: int = 0) -> None:
    for path, content in text_files(count, seed):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def commit(connection: Connection, repo: str, lines: Iterable[dict[str, object]]) -> str:
    """Send a commit as NDJSON; its id."""
    header = {"key": "header", "value": {"summary": "Measure", "description": ""}}
    body = b"\n".join(json.dumps(line).encode() for line in [header, *lines])
    answer = connection.ask("POST", f"/api/models/{repo}/commit/main", {"Content-Type": "application/x-ndjson"}, body)
    return str(answer.good().json()["commitOid"])


def file_line(path: str, content: bytes) -> dict[str, object]:
    encoded = base64.b64encode(content).decode()
    return {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}}


def lfs_line(path: str, oid: str, size: int) -> dict[str, object]:
    return {"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": oid, "size": size}}


def upload_lfs(hub: Hub, repo: str, file: Path, oid: str) -> None:
    """The LFS exchange of a client: batch, PUT, verify."""
    size = file.stat().st_size
    asked = {
        "operation": "upload",
        "transfers": ["basic"],
        "hash_algo": "sha256",
        "objects": [{"oid": oid, "size": size}],
    }
    with hub.signed_in() as connection:
        media = "application/vnd.git-lfs+json"
        answer = connection.ask(
            "POST",
            f"/{repo}.git/info/lfs/objects/batch",
            {"Content-Type": media, "Accept": media},
            json.dumps(asked).encode(),
        )
        actions = answer.good().json()["objects"][0].get("actions", {})
    if "upload" not in actions:
        raise RuntimeError("the hub says that it has the object already")
    _follow(hub, actions["upload"], file)
    if "verify" in actions:
        verify = actions["verify"]
        headers = {"Content-Type": media, **verify.get("header", {})}
        with hub.signed_in() as connection:
            body = json.dumps({"oid": oid, "size": size}).encode()
            connection.ask("POST", local(verify["href"]), headers, body).good()


def upload_model(hub: Hub, name: str, folder: Path) -> str:
    """A new repository with the files of a folder, weights by LFS; its name. Waits until the hub is at rest."""
    repo, lines = hub.create(name), []
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        if file.suffix == ".safetensors":
            with file.open("rb") as source:
                oid = hashlib.file_digest(source, "sha256").hexdigest()
            upload_lfs(hub, repo, file, oid)
            lines.append(lfs_line(file.name, oid, file.stat().st_size))
        else:
            lines.append(file_line(file.name, file.read_bytes()))
    with hub.signed_in() as connection:
        commit(connection, repo, lines)
    rest(hub.pid)
    return repo


def _follow(hub: Hub, upload: dict[str, object], file: Path) -> None:
    headers = upload.get("header", {})
    assert isinstance(headers, dict)
    with hub.connect() as connection:
        connection.put_file(local(str(upload["href"])), file, headers).good()


def local(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def download_address(connection: Connection, repo: str, path: str) -> str:
    """Where the bytes of a file are: at the address itself or where it sends us."""
    address = f"/{repo}/resolve/main/{path}"
    answer = connection.ask("HEAD", address)
    return address if answer.status == 200 else local(answer.headers["location"])


def empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
