"""The first journey in a real browser: sign up, make a model, bring files in, see card and files."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests import assets
from tests.live_hub import LiveHub

SOURCE = Path(__file__).parent / "node"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def walk_folder() -> Path:
    """The walks with their driver, installed once from the lock file and kept beside the other assets."""
    folder = assets.cache_dir() / f"walks-{assets.sha256_of(SOURCE / 'package-lock.json')[:16]}"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(SOURCE / name, folder)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=300)
    shutil.copy(SOURCE / "walk.mjs", folder)
    return folder


@pytest.mark.client
@pytest.mark.parametrize(("locale", "hello"), [("en", "Hello"), ("zh-CN", "你好")])
def test_the_first_journey_in_a_browser(hub: LiveHub, walk_folder: Path, locale: str, hello: str) -> None:
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program is not None, "install Chromium to walk through the pages"
    name = f"walker-{locale[:2]}"
    env = {"PATH": os.environ["PATH"], "HOME": str(walk_folder)}
    words = ["node", "walk.mjs", hub.url, program, name, locale]
    done = subprocess.run(words, cwd=walk_folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert hello in seen["home"]
    assert f"git clone {hub.url}/{name}/first" in seen["lesson"]
    assert seen["committed"] == 200
    assert "My bear" in seen["card"]
    assert "print('hello')" in seen["source"]
    assert "run.py" in seen["files"]
    assert (seen["marked"], seen["hurt"], seen["overflow"]) == (1, False, 0)
    assert seen["faults"] == []
    assert seen["strangers"] == []
