"""The browser's driver and the tools that look at pages, installed once from the lock file."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import assets
from tests.live_hub import LiveHub, free_port, start, stop
from tests.pages.furnishing import furnish

SOURCE = Path(__file__).parent / "node"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def walk_folder() -> Path:
    """The walks with their driver, kept beside the other assets."""
    folder = assets.cache_dir() / f"walks-{assets.sha256_of(SOURCE / 'package-lock.json')[:16]}"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(SOURCE / name, folder)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=300)
    for walk in SOURCE.glob("*.mjs"):
        shutil.copy(walk, folder)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program is not None, "install Chromium to walk through the pages"
    return program


@pytest.fixture(scope="session")
def node_env(walk_folder: Path) -> dict[str, str]:
    """What node is told: nothing of this process but where programs are."""
    return {"PATH": os.environ["PATH"], "HOME": str(walk_folder)}


@pytest.fixture(scope="session")
def shown_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    """A hub of its own with something on every page: what other tests make on theirs is not seen here."""
    live = LiveHub(f"http://127.0.0.1:{free_port()}", tmp_path_factory.mktemp("shown") / "data")
    live.furnish()
    process = start(live)
    try:
        live.links = furnish(live)
        yield live
    finally:
        stop(process)
    shutil.rmtree(live.data, ignore_errors=True)
