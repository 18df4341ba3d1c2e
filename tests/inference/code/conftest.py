"""The clients of JavaScript, installed once from the lock file."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests import assets

SOURCE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """A folder in which programs find the packages."""
    folder = assets.cache_dir() / f"code-{assets.sha256_of(SOURCE / 'package-lock.json')[:16]}"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(SOURCE / name, folder)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder
