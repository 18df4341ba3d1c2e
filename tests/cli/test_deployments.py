"""`bearhug deployment`: rows that a running hub follows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bearhug.cli import main

Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `bearhug …` on a data folder with ada and her model."""
    monkeypatch.setenv("BEARHUG_PASSWORD_MEMORY", "64")

    def run(*arguments: str, code: int = 0, say: str | None = None) -> Result:
        result = CliRunner().invoke(main, [*arguments, "--data", str(tmp_path / "data")], input=say)
        assert result.exit_code == code, result.output
        return result

    run("user", "add", "ada", "--password", "analytical engine")
    run("repo", "create", "ada/chat")
    return run


def listed(command: Command) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(command("deployment", "list", "--json").stdout)
    return found


def test_a_model_is_deployed_stopped_started_and_forgotten(command: Command) -> None:
    assert "within seconds" in command("deployment", "add", "ada/chat", "--keep", "--precision", "fp32").stdout
    assert [(one["name"], one["keep"], one["wanted"]) for one in listed(command)] == [("ada/chat", True, "running")]
    command("deployment", "stop", "ada/chat")
    assert listed(command)[0]["wanted"] == "stopped"
    command("deployment", "start", "ada/chat")
    assert listed(command)[0]["wanted"] == "running"
    assert "nothing yet" in command("deployment", "logs", "ada/chat").stdout
    command("deployment", "remove", "ada/chat", "--yes")
    assert listed(command) == []


def test_another_server_is_deployed_with_a_key_that_is_not_shown(command: Command) -> None:
    how = ("--name", "far", "--engine", "remote", "--url", "http://127.0.0.1:9/v1", "--remote-model", "big")
    made = command("deployment", "add", *how, say="sk-secret\n")
    assert "sk-secret" not in made.output
    assert "sk-secret" not in command("deployment", "list", "--json").output
    assert listed(command)[0]["name"] == "far"


@pytest.mark.parametrize(
    "arguments",
    [
        ("stop", "ada/chat"),
        ("stop", "nothing"),
        ("logs", "ada/none"),
        ("add",),
        ("add", "ada/none"),
        ("add", "ada/chat", "--vllm-flags", "'"),
        ("add", "ada/chat", "--name", "a b"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(command: Command, arguments: tuple[str, ...]) -> None:
    refused = command("deployment", *arguments, code=1)
    assert refused.output.startswith("Error: ")
    assert len(refused.output.splitlines()) == 1
