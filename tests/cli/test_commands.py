"""The command line: people, tokens, organisations, repositories and settings of a data folder."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bearhug.cli import main

Command = Callable[..., Result]


@pytest.fixture
def umask() -> Iterator[None]:
    """Commands run in this process, which goes on afterwards."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: None) -> Command:
    """Runs `bearhug …` on an empty data folder, with cheap passwords."""
    monkeypatch.setenv("BEARHUG_PASSWORD_MEMORY", "64")
    monkeypatch.setenv("BEARHUG_DATA", str(tmp_path / "elsewhere"))

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [*arguments, "--data", str(tmp_path / "data")])
        assert result.exit_code == code, result.output
        return result

    return run


def answer(command: Command, *arguments: str) -> Any:
    return json.loads(command(*arguments, "--json").stdout)


@pytest.fixture
def ada(command: Command) -> str:
    command(
        "user", "add", "ada", "--password", "analytical engine", "--fullname", "Ada L", "--email", "ada@example.org"
    )
    return "ada"


def test_an_account_is_made_shown_and_listed(command: Command, ada: str) -> None:
    shown = answer(command, "user", "show", "ADA")
    assert (shown["name"], shown["fullname"], shown["email"], shown["admin"]) == (
        ada,
        "Ada L",
        "ada@example.org",
        False,
    )
    assert [row["name"] for row in answer(command, "user", "list")] == ["ada"]
    assert "Ada L" in command("user", "list").stdout
    command("org", "add", "lab", "--owner", "ada")
    lines = command("user", "show", "ada").stdout.splitlines()
    assert ("admin     no" in lines, "orgs      lab (admin)" in lines) == (True, True)


@pytest.mark.parametrize("words", ["user list", "token create ada", "fsck", "gc", "storage", "settings get"])
def test_a_folder_without_a_hub_is_named_and_left_alone(command: Command, tmp_path: Path, words: str) -> None:
    said = command(*words.split(), code=1).stderr
    assert said.startswith(f"Error: There is no hub in {tmp_path / 'data'}. `bearhug up` begins one there;")
    assert not (tmp_path / "data").exists()


def test_storage_is_told_in_units_to_people_and_in_bytes_to_programs(command: Command, ada: str) -> None:
    assert (answer(command, "storage")["stored"], "stored: 0 B" in command("storage").stdout) == (0, True)
    assert answer(command, "storage", ada)[0]["logical"] == 0
    assert "0 B" in command("storage", ada).stdout


def test_what_may_come_before_the_first_start_begins_a_hub(command: Command) -> None:
    command("settings", "set", "registration", "closed")
    assert answer(command, "user", "list") == []


def test_the_doctor_says_that_there_was_no_hub(command: Command) -> None:
    assert "! hub: there was none in " in command("doctor").stdout
    assert "! hub: " not in command("doctor").stdout


def test_links_lead_to_the_public_address(command: Command, ada: str) -> None:
    command("settings", "set", "public_url", "https://hub.example.org")
    assert command("user", "reset-link", ada).stdout.startswith("https://hub.example.org/reset/")
    assert command("user", "invite").stdout.startswith("https://hub.example.org/join?invite=")
    assert "HF_ENDPOINT=https://hub.example.org" in command("doctor").stdout


def test_without_a_password_one_is_made_and_said_once(command: Command) -> None:
    made = answer(command, "user", "add", "bob")
    assert len(made["password"]) >= 16
    assert "Password: " in command("user", "passwd", "bob").stdout
    assert "password" not in answer(command, "user", "show", "bob")


def test_a_reset_link_is_printed_with_the_address_of_the_hub(command: Command, ada: str) -> None:
    assert "/reset/ada." in answer(command, "user", "reset-link", "ada")["url"]
    assert command("user", "reset-link", "ghost", code=1).stderr == "Error: There is no user ghost.\n"


def test_what_goes_wrong_is_said_in_one_line(command: Command, ada: str) -> None:
    result = command("user", "add", "Ada", "--password", "analytical engine", code=1)
    assert result.stderr == "Error: The name Ada is already taken.\n"
    assert command("user", "show", "ghost", code=1).stderr == "Error: There is no user ghost.\n"
    assert "short" not in command("user", "add", "x", "--password", "short", code=1).stdout


def test_administrators_are_made_and_dismissed_but_for_the_last(command: Command, ada: str) -> None:
    command("user", "admin", ada)
    assert answer(command, "user", "show", ada)["admin"] is True
    assert "only administrator" in command("user", "admin", ada, "--dismiss", code=1).stderr


def test_an_account_is_locked_and_unlocked(command: Command, ada: str) -> None:
    command("user", "lock", ada)
    assert answer(command, "user", "show", ada)["locked"] is True
    command("user", "lock", ada, "--unlock")
    assert answer(command, "user", "show", ada)["locked"] is False


def test_deleting_asks_first_and_needs_somebody_to_ask(command: Command, ada: str) -> None:
    assert "--yes" in command("user", "delete", ada, code=2).stderr
    command("user", "delete", ada, "--yes")
    assert answer(command, "user", "list") == []


def test_an_account_with_repositories_is_deleted_only_when_told_so(command: Command, ada: str) -> None:
    command("repo", "create", f"{ada}/small")
    refused = command("user", "delete", ada, "--yes", code=1).stderr
    assert "ada/small" in refused
    assert "bearhug repo move" in refused
    assert "its repository" in command("user", "delete", ada, "--yes", "--with-repos").stdout
    assert answer(command, "repo", "list") == []


def test_nothing_is_deleted_of_the_last_administrator(command: Command, ada: str) -> None:
    command("user", "admin", ada)
    command("repo", "create", f"{ada}/small")
    command("user", "delete", ada, "--yes", "--with-repos", code=1)
    assert len(answer(command, "repo", "list")) == 1


def test_a_token_is_printed_last_and_never_again(command: Command, ada: str) -> None:
    secret = command("token", "create", ada, "--role", "write").stdout.strip().splitlines()[-1]
    assert secret.startswith("hf_")
    listed = command("token", "list", ada).stdout
    assert secret not in listed
    assert secret[-4:] in listed
    (row,) = answer(command, "token", "list", ada)
    command("token", "revoke", ada, str(row["id"]))
    assert answer(command, "token", "list", ada) == []
    assert command("token", "revoke", ada, "77", code=1).stderr == "Error: There is no such token.\n"


def test_a_fine_grained_token_is_told_what_it_may(command: Command, ada: str) -> None:
    allow = ["--allow", "repo.write@model:Ada/tiny", "--allow", "discussion.write"]
    assert answer(command, "token", "create", ada, "--role", "fineGrained", *allow, "--days", "7")["expires"]
    assert "no permission" in command("token", "create", ada, "--role", "fineGrained", "--allow", "x", code=1).stderr
    assert "fine-grained" in command("token", "create", ada, "--allow", "repo.write", code=1).stderr


def test_an_organisation_and_its_members(command: Command, ada: str) -> None:
    command("user", "add", "bob")
    command("org", "add", "lab", "--owner", ada, "--fullname", "The Lab")
    command("org", "member", "add", "lab", "bob", "--role", "write")
    command("org", "member", "role", "lab", "bob", "contributor")
    members = answer(command, "org", "member", "list", "lab")
    assert {row["user"]: row["role"] for row in members} == {"ada": "admin", "bob": "contributor"}
    assert answer(command, "user", "show", "bob")["orgs"] == {"lab": "contributor"}
    command("org", "member", "remove", "lab", "bob")
    assert "needs an admin" in command("org", "member", "remove", "lab", ada, code=1).stderr
    assert [row["name"] for row in answer(command, "org", "list")] == ["lab"]
    command("org", "delete", "lab", "--yes")
    assert answer(command, "org", "list") == []


def test_repositories_are_made_moved_and_deleted(command: Command, ada: str) -> None:
    command("org", "add", "lab", "--owner", ada)
    command("repo", "create", "ada/tiny", "--private")
    assert answer(command, "repo", "create", "lab/rows", "--type", "dataset")["type"] == "dataset"
    command("repo", "move", "ada/tiny", "lab/small")
    assert [row["name"] for row in answer(command, "repo", "list", "--owner", "lab")] == ["lab/small", "lab/rows"]
    assert [row["name"] for row in answer(command, "repo", "list", "--type", "dataset")] == ["lab/rows"]
    assert "still owns" in command("org", "delete", "lab", "--yes", code=1).stderr
    command("repo", "delete", "lab/small", "--yes")
    assert command("repo", "delete", "lab/small", "--yes", code=1).stderr == "Error: Repository not found\n"
    assert "OWNER/NAME" in command("repo", "create", "tiny", code=1).stderr


def test_settings_are_read_and_changed(command: Command, ada: str) -> None:
    assert answer(command, "settings", "get")["registration"] == "open"
    command("settings", "set", "registration", "invite")
    assert answer(command, "settings", "get", "registration") == {"registration": "invite"}
    assert "anonymous_reading = true" in command("settings", "get").stdout
    assert "open, invite, closed" in command("settings", "set", "registration", "perhaps", code=1).stderr
    assert "no setting" in command("settings", "get", "colour", code=1).stderr


def test_an_invitation_is_an_address_to_open(command: Command, ada: str) -> None:
    assert "/join?invite=" in command("user", "invite", "--note", "for grace").stdout


def test_routes_show_where_each_endpoint_is() -> None:
    lines = CliRunner().invoke(main, ["routes"]).stdout.splitlines()
    (whoami,) = (line for line in lines if "whoami" in line)
    assert whoami.split() == ["GET", "/api/whoami-v2", "hub/profiles/api.py:whoami"]
    document = CliRunner().invoke(main, ["routes", "--markdown"]).stdout
    assert document.count("\n### ") == len(lines)


def test_every_command_explains_itself_and_is_listed() -> None:
    top = CliRunner().invoke(main, ["--help"]).stdout
    for name in main.list_commands(None):  # type: ignore[arg-type]
        assert f"  {name} " in top
        assert "Usage:" in CliRunner().invoke(main, [name, "--help"]).stdout


def test_a_repository_is_shown_and_configured(command: Command, ada: str) -> None:
    command("repo", "create", f"{ada}/m")
    shown = answer(command, "repo", "show", f"{ada}/m")
    assert (shown["private"], shown["gated"], Path(shown["folder"]).is_dir()) == (False, None, True)
    said = command("repo", "settings", f"{ada}/m", "--private", "--gated", "manual", "--disabled").stdout
    assert said == "The model ada/m is private, gated, disabled.\n"
    changed = answer(command, "repo", "settings", f"{ada}/m", "--public", "--gated", "no", "--enabled")
    assert (changed["private"], changed["gated"], changed["disabled"]) == (False, None, False)
    assert "Repository not found" in command("repo", "show", f"{ada}/none", code=1).output


def test_no_other_account_of_the_machine_reads_what_a_command_writes(
    command: Command, ada: str, tmp_path: Path
) -> None:
    command("repo", "create", f"{ada}/m")
    command("backup", str(tmp_path / "copy"))
    made = [path for name in ("data", "copy") for path in (tmp_path / name).rglob("*")]
    assert {path.name for path in made if path.stat().st_mode & 0o007} <= {
        "pre-receive"
    }  # git runs it; it holds nothing


def test_whoever_asks_for_json_is_told_of_errors_in_json(command: Command, ada: str) -> None:
    missing = command("user", "show", "nobody", "--json", code=1)
    assert missing.stdout == ""
    assert json.loads(missing.stderr) == {"error": "There is no user nobody."}
    wrong = command("user", "show", "ada", "--loudly", "--json", code=2)
    assert "--loudly" in json.loads(wrong.stderr)["error"]
    unasked = command("user", "delete", "ada", "--json", code=2)
    assert "--yes" in json.loads(unasked.stderr)["error"]
    assert command("user", "show", "nobody", code=1).stderr == "Error: There is no user nobody.\n"


def test_help_and_exit_statuses_are_the_same_with_json(command: Command, ada: str) -> None:
    assert "Usage:" in command("user", "show", "--help", "--json").stdout
    assert answer(command, "user", "show", "ada")["name"] == "ada"
