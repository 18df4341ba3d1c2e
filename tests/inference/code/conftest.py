"""The clients of JavaScript, installed once from the lock file."""

from pathlib import Path

import pytest
from tests import assets

SOURCE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """A folder in which programs find the packages."""
    return assets.node_packages(SOURCE, "code")
