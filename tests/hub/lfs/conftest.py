"""A repository with somebody who sends large files to it."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.hubbox import HubBox
from tests.people import ADA, Person

from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import NewRepo


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Sender:
    """Speaks the batch API in process, as git-lfs and huggingface_hub do."""

    repo_id: int
    """ada's model m."""

    def __init__(self, box: HubBox) -> None:
        self.box = box

    def create(self, person: Person, name: str, *, private: bool = False, kind: str = "model", owner: str = "") -> int:
        made = self.box.app.repos.create(self.box.actor(person), NewRepo(kind, name, owner, private=private))
        return made.id

    def batch(
        self,
        person: Person,
        path: str,
        objects: Sequence[tuple[str, Any]],
        operation: str = "upload",
        **more: Any,
    ) -> httpx.Response:
        wanted = [{"oid": oid, "size": size} for oid, size in objects]
        body = {"operation": operation, "objects": wanted, **more}
        return self.box.post(person, f"/{path}.git/info/lfs/objects/batch", json=body)

    def one(self, person: Person, path: str, content: bytes, operation: str = "upload", **more: Any) -> dict[str, Any]:
        """The answer about one object."""
        answer = self.batch(person, path, [(sha(content), len(content))], operation, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["objects"][0]
        return found

    def href(self, person: Person, path: str, content: bytes) -> str:
        """Where to send a content to."""
        return local(self.one(person, path, content)["actions"]["upload"]["href"])

    def send(self, person: Person, path: str, content: bytes) -> str:
        """Send a content as huggingface_hub does, without any credentials; its oid."""
        answer = self.box.http.put(self.href(person, path, content), content=content)
        assert answer.status_code == 200, answer.text
        return sha(content)

    def fetch(self, person: Person, path: str, content: bytes) -> bytes:
        action = self.one(person, path, content, "download")["actions"]["download"]
        answer = self.box.http.get(local(action["href"]))
        assert answer.status_code == 200, answer.text
        return answer.content

    def files(self) -> list[Path]:
        """Every file of the content store, locks left out."""
        root = self.box.config.blobs
        return [path for path in root.rglob("*") if path.is_file() and "locks" not in path.parts]

    def holds(self, repo_id: int, oid: str) -> bool:
        with self.box.app.db.reading() as tx:
            return not self.box.app.lfs.missing(tx, repo_id, [oid])

    def name(self, path: str, kind: str = "model") -> RepoName:
        owner, name = path.split("/")
        return RepoName(kind, owner, name)


def local(url: str) -> str:
    """An address of the hub as the in-process client wants it."""
    assert url.startswith("http://hub.test/"), url
    return url.removeprefix("http://hub.test")


@pytest.fixture
def sender(box: HubBox) -> Iterator[Sender]:
    """ada has a model m."""
    found = Sender(box)
    found.repo_id = found.create(ADA, "m")
    yield found
    assert [path for path in found.files() if path.name.endswith((".part", ".gone"))] == []
