"""Environments: made by real pip from small packages, kept, removed; half-made ones vanish."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.inference import wheels

from bearhug.base.errors import BadRequest, Conflict, NotFound, Unprocessable
from bearhug.hub.doctor.records import Health
from bearhug.inference.environments import service
from bearhug.inference.environments.checks import engines
from bearhug.inference.environments.recipes import RECIPES
from bearhug.inference.environments.records import Recipe
from bearhug.inference.environments.service import Environments
from bearhug.inference.workers import machine

Make = Callable[..., Environments]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Environments with one recipe whose packages lie in a folder."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheels.write(shelf)

    def environments(*packages: str, version: str = "0.0.1") -> Environments:
        step = ("--no-index", "--find-links", str(shelf), *packages)
        recipe = Recipe("vllm", version, "a small one", (step,), ("bin/vllm", "serve"))
        return Environments(tmp_path / "environments", recipes={"vllm": recipe})

    return environments


@pytest.mark.slow
def test_an_environment_is_made_used_listed_and_removed(make: Make) -> None:
    said: list[str] = []
    environments = make("vllm==0.0.1")
    assert environments.program("vllm") is None
    made = environments.install("vllm", said.append)
    assert any("Successfully installed vllm-0.0.1" in line for line in said)
    program = environments.program("vllm")
    assert program is not None
    done = subprocess.run(
        [*program, "x", "--fail"], env={"VLLM_API_KEY": ""}, capture_output=True, text=True, check=False
    )
    assert "not known to me" in done.stderr
    assert environments.installed() == [made]
    assert made.size > 1 << 20
    with pytest.raises(Conflict, match="installed already"):
        environments.install("vllm", said.append)
    newer = make("vllm", version="0.0.2")
    assert newer.program("vllm") is None
    assert engines(newer).health is Health.POOR
    assert environments.remove("vllm") == [made]
    assert not made.folder.exists()
    with pytest.raises(NotFound):
        environments.remove("vllm")


@pytest.mark.slow
def test_what_pip_cannot_install_is_told_and_leaves_nothing(make: Make, tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match="No matching distribution"):
        make("vllm==9").install("vllm", lambda _line: None)
    assert make().installed() == []
    assert [path.name for path in (tmp_path / "environments").iterdir()] == [service.LOCK]


def test_a_half_made_environment_does_not_count_and_is_swept(make: Make, tmp_path: Path) -> None:
    half = tmp_path / "environments" / "vllm-0.0.1" / "bin"
    half.mkdir(parents=True)
    (half / "vllm").touch()
    environments = make()
    assert environments.program("vllm") is None
    assert environments.installed() == []
    with pytest.raises(NotFound):
        environments.remove("vllm")
    assert not half.exists()


def test_one_command_at_a_time_changes_environments(make: Make) -> None:
    environments = make()
    with environments._alone(), pytest.raises(Conflict, match="Another command"):
        environments.remove("vllm")


def test_unknown_names_are_refused_with_those_that_exist(make: Make) -> None:
    with pytest.raises(BadRequest, match="There are vllm"):
        make().install("../evil", lambda _line: None)


def test_recipes_pin_what_they_install() -> None:
    for recipe in RECIPES.values():
        assert any(recipe.version in package for step in recipe.steps for package in step)


def test_the_doctor_misses_vllm_where_there_is_a_gpu(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "NVIDIA", tmp_path)
    assert engines(make()).health is Health.GOOD
    (tmp_path / "nvidia0").touch()
    finding = engines(make())
    assert (finding.health, finding.text) == (Health.POOR, "there is a GPU, and no vLLM")
