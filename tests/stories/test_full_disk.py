"""A disk that fills up under a running hub: people are told, nothing half-written is kept, reading goes on."""

import base64
import errno
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.stories.victim import Victim, command

pytestmark = pytest.mark.slow

MIB = 1 << 20
OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]
MAKE = """
set -e
mount -t tmpfs -o size=80m none "$DATA"
"$1" user add ada --password 'analytical engine no. 1' --data "$DATA" >&2
"$1" repo create ada/m --data "$DATA" >&2
"$1" token create ada --role write --data "$DATA" --json > "$DATA/token"
exec "$@"
"""
NO_ROOM = (507, "The hub has no room left on its disk. Nothing of this request was kept.")


class SmallDisk:
    """A hub on a file system that only its own process sees; it is gone with the process."""

    def __init__(self, data: Path) -> None:
        data.mkdir()
        self.hub = Victim(data, inside=[*OWN_MOUNTS, "env", f"DATA={data}", "sh", "-c", MAKE, "sh"])
        self.data = Path(f"/proc/{self.hub.process.pid}/root{data}")
        secret = json.loads((self.data / "token").read_text())["token"]
        self.http = httpx.Client(base_url=self.hub.url, headers={"authorization": f"Bearer {secret}"}, timeout=60)

    def leave(self, room: int) -> None:
        """Fill the disk up to so many bytes."""
        (self.data / "filler").unlink(missing_ok=True)
        with (self.data / "filler").open("wb") as file:
            for held_back in range(0, 1 << 20, 4096):  # the hub writes meanwhile, and blocks have a price
                free = shutil.disk_usage(self.data).free
                try:
                    os.posix_fallocate(file.fileno(), 0, free - room - held_back)
                    return
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def commit(self, path: str, size: int) -> tuple[int, str]:
        content = base64.b64encode(os.urandom(size)).decode()
        lines = [
            {"key": "header", "value": {"summary": f"Add {path}"}},
            {"key": "file", "value": {"path": path, "content": content, "encoding": "base64"}},
        ]
        body = "\n".join(map(json.dumps, lines))
        answer = self.http.post(
            "/api/models/ada/m/commit/main", content=body, headers={"content-type": "application/x-ndjson"}
        )
        return answer.status_code, answer.json().get("error", "")

    def upload(self, size: int) -> tuple[int, str]:
        content = os.urandom(size)
        wanted = {"operation": "upload", "objects": [{"oid": hashlib.sha256(content).hexdigest(), "size": size}]}
        batch = self.http.post("/ada/m.git/info/lfs/objects/batch", json=wanted).json()
        answer = self.http.put(batch["objects"][0]["actions"]["upload"]["href"], content=content)
        return answer.status_code, answer.text and answer.json().get("error", "")

    def files(self) -> set[str]:
        tree = self.http.get("/api/models/ada/m/tree/main").raise_for_status().json()
        return {entry["path"] for entry in tree}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 80 MiB with ada's model on it."""
    if shutil.which("unshare") is None or subprocess.run([*OWN_MOUNTS, "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    small = SmallDisk(tmp_path / "data")
    yield small
    small.http.close()
    small.hub.stop()


def test_a_full_disk_is_said_and_leaves_nothing_behind(disk: SmallDisk, tmp_path: Path) -> None:
    assert disk.commit("before.bin", 100_000) == (200, "")
    disk.leave(3 * MIB)
    assert disk.commit("large.bin", 5 * MIB) == NO_ROOM
    assert disk.upload(5 * MIB) == NO_ROOM
    assert disk.commit("small.txt", 1000) == (200, "")  # what was begun gave its room back
    disk.leave(0)
    for path in ("one.txt", "two.txt"):
        assert disk.commit(path, 20_000) == NO_ROOM
    for path, body in (("/api/repos/create", {"name": "x"}), ("/api/models/ada/m/branch/dev", {})):
        answer = disk.http.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]) == NO_ROOM
    assert disk.files() == {".gitattributes", "before.bin", "small.txt"}
    assert disk.http.get("/ada/m/resolve/main/before.bin").status_code == 200
    assert [branch["name"] for branch in disk.http.get("/api/models/ada/m/refs").json()["branches"]] == ["main"]

    (disk.data / "filler").unlink()
    assert disk.commit("after.txt", 1000) == (200, "")
    assert disk.upload(5 * MIB)[0] == 200
    info = disk.http.get("/api/models/ada/m").json()
    assert info["sha"] == disk.http.get("/api/models/ada/m/commits/main").json()[0]["id"]
    left = [path for path in disk.data.rglob("*") if path.name.startswith("tmp_") and path.stat().st_size > MIB]
    assert left == []
    shutil.copytree(disk.data, tmp_path / "copy", ignore=shutil.ignore_patterns("*.lock"))
    assert "Traceback" not in disk.hub.log.read_text()
    found = json.loads(command(tmp_path / "copy", "fsck", "--deep", "--json"))
    assert [one for one in found["problems"] if one["verdict"] == "lost"] == []
