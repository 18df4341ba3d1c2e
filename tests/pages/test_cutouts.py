"""A real picture, dropped on the page in a real browser, comes back without its background."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.live_hub import LiveHub
from tests.people import ADA

pytestmark = pytest.mark.client


def publish(hub: LiveHub, folder: Path) -> None:
    """A real model as ada/cutout."""
    (folder / "u2netp.onnx").write_bytes(assets.u2netp())
    (folder / "README.md").write_text("---\npipeline_tag: background-removal\n---\n")
    api = HfApi(hub.url, token=hub.token(ADA))
    api.create_repo("ada/cutout")
    api.upload_folder(repo_id="ada/cutout", folder_path=folder)


def test_a_dropped_picture_comes_back_cut_out(
    hub: LiveHub, tmp_path: Path, walk_folder: Path, chromium: str, node_env: dict[str, str]
) -> None:
    (tmp_path / "model").mkdir()
    publish(hub, tmp_path / "model")
    (tmp_path / "astronaut.png").write_bytes(assets.astronaut())
    words = ["node", "cutouts.mjs", hub.url, chromium, str(tmp_path / "astronaut.png")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, cwd=walk_folder, env=node_env, text=True, **pipes) as walk:  # type: ignore[call-overload]
        line = walk.stdout.readline()
        assert line, walk.communicate(timeout=60)[1][-3000:]
        seen = json.loads(line)
        with zipfile.ZipFile(seen["zip"]) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["宇航员 1-cutout.png", "astronaut-cutout.png"]
        walk.communicate("done\n", timeout=60)
    assert seen["faults"] == []
    assert "无法读取这张图片" in seen["problem"]
    assert (seen["looked"]["size"], seen["looked"]["name"]) == ([512, 512], "宇航员 1-cutout.png")
    assert seen["looked"]["face"] > 240
    assert seen["looked"]["corner"] < 15
    assert bytes(seen["head"]) == b"\x89PNG"
    assert (seen["moved"], seen["label"], seen["stop"]) == ("100%", "前后对比", False)
    assert seen["status"] == "已完成 3 / 3 张"
