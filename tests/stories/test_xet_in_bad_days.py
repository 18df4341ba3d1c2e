"""Uploads by Xet while the client is killed, the hub is killed, and the disk gets full."""

import contextlib
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.live_hub import client_env, free_port
from tests.stories.test_full_disk import MIB, SmallDisk, disk
from tests.stories.victim import Victim, command
from tests.xetbox import pack

__all__ = ["disk"]

pytestmark = pytest.mark.slow

SIZE = 96_000_000
KILLS = 4
HF = str(Path(sys.executable).with_name("hf"))


class House:
    """A hub's data folder with ada's model in it, and files to be sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        command(self.data, "user", "add", "ada", "--password", "analytical engine no. 1")
        command(self.data, "repo", "create", "ada/m")
        self.token = command(self.data, "token", "create", "ada", "--role", "write").split()[-1]
        self.file = folder / "model.bin"
        self.file.write_bytes(random.Random(1).randbytes(SIZE))

    def begin(self, url: str, path: str, *, home: str = "home") -> subprocess.Popen[bytes]:
        """`hf upload` as a process of its own."""
        env = {**os.environ, **client_env(url, self.folder / home, token=self.token, xet=True)}
        words = [HF, "upload", "ada/m", str(self.file), path, "--quiet"]
        with (self.folder / "client.log").open("ab") as log:
            return subprocess.Popen(words, env=env, stdout=log, stderr=log)

    def chunks(self) -> int:
        """Bytes of xorbs that are kept."""
        return sum(path.stat().st_size for path in (self.data / "xorbs").rglob("*") if len(path.name) == 64)

    def leftovers(self) -> list[Path]:
        return [*(self.data / "xorbs").rglob("*.part"), *(self.data / "shards").rglob("*.part")]

    def digest(self, hub: Victim, path: str) -> str:
        with httpx.stream("GET", f"{hub.url}/ada/m/resolve/main/{path}", timeout=60) as answer:
            digest = hashlib.sha256()
            for block in answer.iter_bytes():
                digest.update(block)
        return digest.hexdigest()

    @property
    def wanted(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def check(self) -> None:
        found = json.loads(command(self.data, "fsck", "--deep", "--json"))
        assert [one for one in found["problems"] if one["verdict"] == "lost"] == []
        assert json.loads(command(self.data, "fsck", "--json"))["problems"] == []


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_client_that_was_killed_goes_on_where_it_was(house: House) -> None:
    hub = Victim(house.data)
    client = house.begin(hub.url, "model.bin")
    while client.poll() is None and house.chunks() < 50_000_000:
        time.sleep(0.01)
    client.kill()
    client.wait()
    time.sleep(0.5)
    kept = house.chunks()
    assert kept >= 50_000_000
    assert house.begin(hub.url, "model.bin", home="another").wait() == 0
    assert house.chunks() < SIZE * 1.02
    assert house.digest(hub, "model.bin") == house.wanted
    assert house.leftovers() == []
    hub.stop()
    house.check()


def test_a_hub_that_is_killed_again_and_again_takes_the_file_in_the_end(house: House) -> None:
    port = free_port()
    hub = Victim(house.data, port=port)
    client = house.begin(hub.url, "model.bin")
    for _ in range(KILLS):
        time.sleep(random.uniform(0.4, 1.5))
        hub.kill()
        hub = Victim(house.data, port=port)
    if client.wait(200) != 0:  # it gives up after five attempts; people then say it again
        said_again = house.begin(hub.url, "model.bin").wait(200)
        assert said_again == 0, (house.folder / "client.log").read_text()[-4000:]
    assert house.digest(hub, "model.bin") == house.wanted
    assert house.leftovers() == []
    hub.stop()
    assert "Traceback" not in hub.log.read_text()
    house.check()


def test_giving_back_room_while_uploads_run_takes_nothing_that_is_needed(house: House) -> None:
    hub = Victim(house.data)
    done = threading.Event()

    def collect() -> None:
        while not done.is_set():
            command(house.data, "gc")

    keeper = threading.Thread(target=collect)
    keeper.start()
    clients = [house.begin(hub.url, f"model-{number}.bin", home=f"home-{number}") for number in range(2)]
    assert [client.wait() for client in clients] == [0, 0]
    done.set()
    keeper.join()
    for number in range(2):
        assert house.digest(hub, f"model-{number}.bin") == house.wanted
    hub.stop()
    house.check()


AGES = {
    "lfs_links": ("uploaded_at", "committed_at"),
    "objects": ("created_at", "touched_at"),
    "recipes": ("seen_at",),
    "xorbs": ("seen_at", "condemned_at"),
}


def let_a_month_pass(data: Path) -> None:
    with contextlib.closing(sqlite3.connect(data / "bearhug.db")) as rows, rows:
        for table, columns in AGES.items():
            changes = ", ".join(f"{column} = datetime({column}, '-31 days')" for column in columns)
            rows.execute(f"UPDATE {table} SET {changes}")


def test_a_client_with_memories_of_what_is_gone_sends_it_again(house: House) -> None:
    """Clients remember for three weeks what they sent, and never ask whether it is still there."""
    house.file.write_bytes(random.Random(2).randbytes(9_000_000))
    hub = Victim(house.data)
    assert house.begin(hub.url, "model.bin").wait() == 0
    assert house.chunks() > 9_000_000
    hub.stop()
    command(house.data, "repo", "delete", "ada/m", "--yes")
    command(house.data, "repo", "create", "ada/m")
    for _ in range(4):
        let_a_month_pass(house.data)
        command(house.data, "gc")
    assert house.chunks() == 0
    hub = Victim(house.data)
    assert house.begin(hub.url, "model.bin").wait() == 0
    assert house.digest(hub, "model.bin") == house.wanted
    hub.stop()
    house.check()


def test_a_disk_that_fills_up_under_chunks_keeps_nothing_half_written(disk: SmallDisk) -> None:
    packed = pack(random.Random(3).randbytes(30 * MIB))
    [(name, body)] = packed.bodies.items()
    given = disk.http.get("/api/models/ada/m/xet-write-token/main").json()
    door = given["casUrl"].removeprefix(disk.hub.url)
    headers = {"authorization": f"Bearer {given['accessToken']}"}

    def in_pieces() -> Iterator[bytes]:
        """Without a length the hub cannot see it coming."""
        yield from (body[at : at + MIB] for at in range(0, len(body), MIB))

    def send(path: str, content: bytes | Iterator[bytes]) -> int:
        return disk.http.post(f"{door}/{path}", content=content, headers=headers).status_code

    disk.leave(40 * MIB)
    assert send(f"v1/xorbs/default/{name}", body) == 413
    (disk.data / "filler").unlink()
    assert send(f"v1/xorbs/default/{name}", in_pieces()) == 200
    disk.leave(0)
    assert [send(path, packed.shard) for path in ("v1/shards", "shards")] == [413] * 2
    told = disk.http.post(f"{door}/v2/shards", content=packed.shard, headers=headers)
    assert (told.status_code, told.json()["retryable"]) == (200, False)
    (disk.data / "filler").unlink()
    assert send("v2/shards", packed.shard) == 200
    left = [path for path in disk.data.rglob("*.part") if path.stat().st_size]
    assert left == []
    assert "Traceback" not in disk.hub.log.read_text()
