"""A team works on one model: ada starts it by git, bob trains on by API, eve asks for it and is let in late."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from tests.clients.gitbox import GitBox
from tests.clients.shell import Shell
from tests.oracle import NewRepo
from tests.people import ADA, BOB, EVE, LAB

pytestmark = pytest.mark.client


def test_a_model_grows_in_a_team_and_is_then_shown_to_the_world(
    ada: HfApi,
    bob: HfApi,
    eve: HfApi,
    new_repo: NewRepo,
    gitbox: Callable[..., GitBox],
    shell: Callable[..., Shell],
) -> None:
    repo = new_repo(owner=LAB, private=True)

    desk = gitbox(ADA)
    desk.clone(repo)
    desk.write("config.json", '{"step": 0}')
    desk.write("model.safetensors", b"\0" * 30_000)
    desk.write("README.md", "---\nlicense: mit\n---\n# Ours\n")
    start = desk.commit("Start")
    desk("push")

    terminal = shell(BOB)
    terminal("hf", "download", repo, "--local-dir", "work")
    (terminal.home / "work" / "model.safetensors").write_bytes(b"\1" * 30_000)
    terminal("hf", "upload", repo, "work", ".", "--commit-message", "Train one epoch", "--exclude", ".cache/*")
    assert [commit.title for commit in ada.list_repo_commits(repo)][:2] == ["Train one epoch", "Start"]
    assert ada.list_repo_commits(repo)[0].authors == ["bob"]

    with pytest.raises(RepositoryNotFoundError):
        eve.model_info(repo)
    assert shell(EVE).try_("hf", "download", repo).code != 0

    desk("pull", "--quiet")
    assert (desk.work / "model.safetensors").read_bytes() == b"\1" * 30_000
    desk("tag", "v1")
    desk("push", "origin", "v1")
    bob.upload_file(path_or_fileobj=b"\2" * 30_000, path_in_repo="model.safetensors", repo_id=repo)
    ada.update_repo_settings(repo, private=False)

    for revision, byte in (("v1", b"\1"), ("main", b"\2"), (start, b"\0")):
        path = eve.hf_hub_download(repo, "model.safetensors", revision=revision)
        assert Path(path).read_bytes() == byte * 30_000

    ada.move_repo(repo, f"{repo}-final")
    desk("pull", "--quiet")
    assert (desk.work / "model.safetensors").read_bytes() == b"\2" * 30_000
    assert eve.model_info(repo).id == f"{repo}-final"
