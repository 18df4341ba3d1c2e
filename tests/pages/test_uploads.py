"""Files that go in through a real browser, with everything that may come in between."""

import hashlib
import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.live_hub import LiveHub, free_port, start, stop
from tests.people import ADA

GIB = 1 << 30


def fill(folder: Path) -> str:
    """A folder with a file of 1 GiB, mostly a hole, and many small ones; gives the sha256 of the large one."""
    (folder / "deep" / "er").mkdir(parents=True)
    for number in range(200):
        (folder / "deep" / f"{number}.txt").write_text(f"file {number}\n")
    (folder / "deep" / "er" / "名字 #1 100%.txt").write_text("你好\n")
    (folder / "empty.bin").touch()
    (folder / ".DS_Store").write_text("x")
    large = folder / "weights.bin"
    with large.open("wb") as file:
        for step in range(0, GIB, 64 << 20):
            file.seek(step)
            file.write(hashlib.sha256(str(step).encode()).digest() * 1000)
        file.truncate(GIB)
    with large.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture
def own_hub(tmp_path: Path) -> LiveHub:
    """A hub that may be killed."""
    live = LiveHub(f"http://127.0.0.1:{free_port()}", tmp_path / "data")
    live.command("user", "add", ADA.name, "--password", ADA.password)
    live.tokens[ADA.name, "write"] = live.new_token(ADA, "write")
    return live


@pytest.mark.client
@pytest.mark.slow
def test_a_folder_with_a_file_of_one_gib_survives_a_closed_page_and_a_killed_hub(
    own_hub: LiveHub, tmp_path: Path, walk_folder: Path, chromium: str, node_env: dict[str, str]
) -> None:
    folder = tmp_path / "folder"
    sha256 = fill(folder)
    process = start(own_hub)
    try:
        own_hub.command("repo", "create", "ada/m")
        words = [
            "node",
            "upload.mjs",
            own_hub.url,
            chromium,
            str(tmp_path / "profile"),
            str(folder),
            "ada/m",
            ADA.password,
        ]
        run: dict[str, Any] = {"cwd": walk_folder, "env": {**node_env, "LANG": "C.UTF-8"}, "text": True}
        closed = subprocess.run([*words, "close"], capture_output=True, timeout=200, check=False, **run)
        assert closed.returncode == 0, closed.stderr[-3000:]
        first = json.loads(closed.stdout)
        assert (first["notice"], first["paused"], first["faults"]) == (False, "Go on", [])
        assert first["chosen"].startswith("203 files")

        walk = subprocess.Popen([*words, "cut"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **run)
        assert walk.stdout is not None
        assert walk.stdout.readline() == "cut\n", walk.communicate()[1][-3000:]
        process.kill()
        process.wait()
        assert walk.stdout.readline() == "back\n"
        process = start(own_hub)
        out, problems = walk.communicate(timeout=300)
        assert walk.returncode == 0, problems[-3000:]
        second = json.loads(out.splitlines()[-1])
        assert (second["notice"], second["faults"]) == (True, [])
        assert all(offset > GIB // 10 for offset in second["offsets"]), "nothing began anew"
        assert "Bring a folder" in second["files"]
        with urllib.request.urlopen(f"{own_hub.url}/ada/m/resolve/main/in/folder/weights.bin") as answer:
            assert hashlib.file_digest(answer, "sha256").hexdigest() == sha256
        small = own_hub.get("/ada/m/resolve/main/in/folder/deep/er/%E5%90%8D%E5%AD%97%20%231%20100%25.txt")
        assert small.decode() == "你好\n"
    finally:
        stop(process)


@pytest.mark.client
def test_odd_choices_are_told_apart_and_said_in_words(
    hub: LiveHub, tmp_path: Path, walk_folder: Path, chromium: str, node_env: dict[str, str]
) -> None:
    hub.command("repo", "create", "ada/odd")
    branch = urllib.request.Request(f"{hub.url}/api/models/ada/odd/branch/side", b"{}", method="POST")
    branch.add_header("authorization", f"Bearer {hub.token(ADA)}")
    urllib.request.urlopen(branch).close()
    (tmp_path / "many").mkdir()
    for number in range(1000):
        (tmp_path / "many" / f"{number}.txt").write_text(str(number))
    (tmp_path / "changing.bin").write_bytes(bytes(5_000_000))
    words = ["node", "choose.mjs", hub.url, chromium, str(tmp_path), "ada/odd", ADA.name, ADA.password]
    done = subprocess.run(
        words, cwd=walk_folder, env=node_env, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert seen["faults"] == []
    assert sorted(row[:5] for row in seen["chosen"]) == ["<b>x.", "a.txt", "back\\"]
    assert "1 个仅本机使用的文件" in seen["skipped"]
    assert "有 1 个文件未能上传" in seen["trouble"]
    assert "文件" in seen["changed"]
    assert "重新选择" in seen["changed"]
    assert seen["many"].startswith("1000 个文件")
    assert "登录已失效" in seen["late"] or "没有此仓库的写权限" in seen["late"]
    assert hub.get("/ada/odd/resolve/main/a.txt") == b"new"
    assert hub.get("/ada/odd/resolve/side/many/999.txt") == b"999"
