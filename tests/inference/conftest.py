"""Tiny models with random weights, each made once a run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.inference import tiny

Make = Callable[[str], Path]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """`model("bert-classifier")` is the folder of that tiny model."""
    made: dict[str, Path] = {}

    def find(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            tiny.MODELS[name](made[name])
        return made[name]

    return find
