"""Tasks on tiny models, each loaded once a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bearhug.inference.tasks import table
from bearhug.inference.tasks.source import Source

Do = Callable[..., Any]


@pytest.fixture(scope="session")
def task(model: Callable[[str], Path]) -> Do:
    """`task("fill-mask", "bert-mlm")` is that task on that model."""
    made: dict[tuple[str, str], Any] = {}

    def find(name: str, of: str) -> Any:
        if (name, of) not in made:
            made[name, of] = table.find(name).load(Source(model(of)))
        return made[name, of]

    return find
