"""kill -9 in the middle of commits, of uploads of large files and of pushes: nothing that was said yes to is lost."""

import hashlib
import itertools
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.clients.gitbox import GitBox
from tests.stories.victim import Victim, command

pytestmark = pytest.mark.slow

ROUNDS = 5
NDJSON = {"content-type": "application/x-ndjson"}
GONE = (httpx.TransportError, httpx.RemoteProtocolError)


class World:
    """One data folder, ada's token, and everything that the hub has ever said yes to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        command(self.data, "user", "add", "ada", "--password", "analytical engine no. 1")
        self.token = command(self.data, "token", "create", "ada", "--role", "write").split()[-1]
        for name in ("commits", "uploads", "pushes"):
            command(self.data, "repo", "create", f"ada/{name}")
        self.committed: dict[str, str] = {}
        self.oids: list[str] = []
        self.uploaded: dict[str, str] = {}
        self.pushed: list[str] = []
        self.numbers = itertools.count()
        self._desk: GitBox | None = None

    def client(self, url: str) -> httpx.Client:
        return httpx.Client(base_url=url, headers={"authorization": f"Bearer {self.token}"}, timeout=30)

    def desk(self, url: str) -> GitBox:
        """Where ada pushes from; cloned once."""
        if self._desk is None:
            self._desk = GitBox(self.folder / "desk", url, "ada", self.token)
            self._desk.clone("ada/pushes")
        return self._desk

    # what people do until the hub is gone -------------------------------------------------------------------

    def commit_on(self, url: str, dead: threading.Event) -> None:
        with self.client(url) as http:
            while not dead.is_set():
                path, text = f"{next(self.numbers)}.txt", os.urandom(60_000).hex()
                answer = self._send(http, "commits", path, {"key": "file", "value": {"path": path, "content": text}})
                self.committed[path] = hashlib.sha256(text.encode()).hexdigest()
                self.oids.append(answer["commitOid"])

    def upload_on(self, url: str, dead: threading.Event) -> None:
        with self.client(url) as http:
            while not dead.is_set():
                path, content = f"{next(self.numbers)}.bin", os.urandom(random.randrange(100_000, 3_000_000))
                oid = hashlib.sha256(content).hexdigest()
                wanted = {"operation": "upload", "objects": [{"oid": oid, "size": len(content)}]}
                batch = http.post("/ada/uploads.git/info/lfs/objects/batch", json=wanted).raise_for_status().json()
                http.put(batch["objects"][0]["actions"]["upload"]["href"], content=content).raise_for_status()
                value = {"path": path, "algo": "sha256", "oid": oid, "size": len(content)}
                self._send(http, "uploads", path, {"key": "lfsFile", "value": value})
                self.uploaded[path] = oid

    def push_on(self, url: str, dead: threading.Event) -> None:
        desk = self.desk(url)
        while not dead.is_set():
            desk.write("data.dat", os.urandom(200_000))
            tip = desk.commit("More")
            if desk.try_("push", "-q", "--no-verify", f"{url}/ada/pushes", "HEAD:main").code == 0:
                self.pushed.append(tip)

    def _send(self, http: httpx.Client, repo: str, path: str, line: dict[str, object]) -> dict[str, str]:
        head = {"key": "header", "value": {"summary": f"Add {path}"}}
        body = "\n".join(json.dumps(one) for one in (head, line))
        answer = http.post(f"/api/models/ada/{repo}/commit/main", content=body, headers=NDJSON)
        found: dict[str, str] = answer.raise_for_status().json()
        return found

    # what must be true afterwards ---------------------------------------------------------------------------

    def check(self, url: str) -> None:
        """All that was acknowledged is there, and every file that is listed can be read in whole."""
        with self.client(url) as http:
            commits = self._files(http, "commits")
            assert self.committed.items() <= commits.items()
            assert self.uploaded.items() <= self._files(http, "uploads").items()
            for repo, wanted in (("commits", self.oids), ("pushes", self.pushed)):
                info = http.get(f"/api/models/ada/{repo}").raise_for_status().json()
                history = self._history(http, repo)
                assert history[0] == info["sha"]
                assert set(wanted) <= set(history)

    def _files(self, http: httpx.Client, repo: str) -> dict[str, str]:
        """Path to the sha256 of what comes down, for every file listed."""
        tree = http.get(f"/api/models/ada/{repo}/tree/main?recursive=true").raise_for_status().json()
        found = {}
        for entry in tree:
            content = http.get(f"/ada/{repo}/resolve/main/{entry['path']}").raise_for_status().content
            assert len(content) == entry["size"]
            found[entry["path"]] = hashlib.sha256(content).hexdigest()
            assert found[entry["path"]] == entry.get("lfs", {}).get("oid", found[entry["path"]])
        return found

    def _history(self, http: httpx.Client, repo: str) -> list[str]:
        found: list[str] = []
        address: str | None = f"/api/models/ada/{repo}/commits/main?limit=1000"
        while address:
            answer = http.get(address).raise_for_status()
            found += [commit["id"] for commit in answer.json()]
            address = answer.links.get("next", {}).get("url")
        return found


def until_killed(work: Callable[[str, threading.Event], None], url: str, dead: threading.Event) -> None:
    """Go on until the hub is gone; a lost connection is how that is noticed."""
    try:
        work(url, dead)
    except GONE:
        return


def test_what_the_hub_said_yes_to_outlives_every_kill(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number in range(ROUNDS):
        hub, dead = Victim(world.data), threading.Event()
        world.check(hub.url)
        world.desk(hub.url)
        jobs = (world.commit_on, world.upload_on, world.push_on)
        people = [threading.Thread(target=until_killed, args=(work, hub.url, dead)) for work in jobs]
        for person in people:
            person.start()
        time.sleep(random.uniform(0.3, 1.5) * (1 + number % 2))
        dead.set()
        hub.kill()
        for person in people:
            person.join()
    hub = Victim(world.data)
    world.check(hub.url)
    hub.stop()
    assert "Traceback" not in hub.log.read_text()
    assert min(len(world.committed), len(world.uploaded), len(world.pushed)) > 1
    found = json.loads(command(world.data, "fsck", "--deep", "--json"))
    assert [one for one in found["problems"] if one["verdict"] == "lost"] == []
    assert json.loads(command(world.data, "fsck", "--json"))["problems"] == []
    for path in (world.data / "repos").glob("*/*.git"):
        words = ["git", "--git-dir", str(path), "fsck", "--full", "--strict", "--no-dangling"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
