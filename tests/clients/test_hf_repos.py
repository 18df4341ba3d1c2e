"""`hf repos`, `hf models`, `hf datasets`, `hf spaces`: the same from a terminal."""

import json
from collections.abc import Callable

import pytest
from huggingface_hub import HfApi
from tests.clients.shell import Shell
from tests.oracle import NewRepo, eventually
from tests.people import ADA, EVE

pytestmark = pytest.mark.client
OpenShell = Callable[..., Shell]


@pytest.mark.covers("repos create, delete", client="hf")
def test_repositories_are_created_and_deleted(shell: OpenShell, ada: HfApi, name: str) -> None:
    sh = shell(ADA)
    sh("hf", "repos", "create", name, "--repo-type", "dataset", "--private")
    assert ada.dataset_info(name).private is True
    answer = sh.try_("hf", "repos", "create", name, "--repo-type", "dataset")
    assert answer.code != 0
    sh("hf", "repos", "create", name, "--repo-type", "dataset", "--exist-ok")
    sh("hf", "repos", "delete", name, "--repo-type", "dataset", "--yes")
    assert not ada.repo_exists(name, repo_type="dataset")


@pytest.mark.covers("repos create, delete", client="hf")
def test_a_stranger_reads_why_nothing_was_created(shell: OpenShell, name: str) -> None:
    answer = shell(EVE).try_("hf", "repos", "create", name)
    assert answer.code != 0
    assert "403" in answer.text or "orbidden" in answer.text or "ermission" in answer.text


@pytest.mark.covers("repos settings, move, duplicate", client="hf")
def test_repositories_are_changed_duplicated_and_moved(
    shell: OpenShell, ada: HfApi, new_repo: NewRepo, name: str
) -> None:
    sh, repo = shell(ADA), new_repo({"a.txt": "a"})
    sh("hf", "repos", "settings", repo, "--private")
    assert ada.model_info(repo).private is True
    sh("hf", "repos", "duplicate", repo, f"{name}-copy", "--private")
    assert "a.txt" in ada.list_repo_files(f"{name}-copy")
    sh("hf", "repos", "move", repo, f"{name}-moved")
    assert ada.model_info(repo).id == f"{name}-moved"


@pytest.mark.covers("repos branch, tag", client="hf")
def test_branches_and_tags_are_made_listed_and_deleted(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    sh, repo = shell(ADA), new_repo({"a.txt": "a"})
    sh("hf", "repos", "branch", "create", repo, "dev")
    sh("hf", "repos", "tag", "create", repo, "v1.0", "-m", "First")
    assert "v1.0" in sh("hf", "repos", "tag", "list", repo)
    assert {ref.name for ref in ada.list_repo_refs(repo).branches} == {"main", "dev"}
    sh("hf", "repos", "branch", "delete", repo, "dev")
    sh("hf", "repos", "tag", "delete", repo, "v1.0", "--yes")
    refs = ada.list_repo_refs(repo)
    assert ([ref.name for ref in refs.branches], refs.tags) == (["main"], [])


@pytest.mark.covers("repos list", client="hf")
def test_ones_own_repositories_are_listed(shell: OpenShell, new_repo: NewRepo) -> None:
    repo = new_repo(private=True)
    shown = json.loads(shell(ADA)("hf", "repos", "list", "--search", repo.removeprefix("ada/"), "--json"))
    assert [found["id"] for found in shown] == [repo]


@pytest.mark.covers("repos delete-files", client="hf")
def test_files_are_deleted_by_patterns(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.tmp": "a", "b/c.tmp": "c", "keep.txt": "k"})
    shell(ADA)("hf", "repos", "delete-files", repo, "*.tmp", "--commit-message", "Clean up")
    assert ada.list_repo_files(repo) == [".gitattributes", "keep.txt"]
    assert ada.list_repo_commits(repo)[0].title == "Clean up"


@pytest.mark.covers("repos cp", client="hf")
def test_files_are_copied_up_down_and_across(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    sh, one, other = shell(ADA), new_repo(), new_repo(private=True)
    (sh.home / "config.json").write_text('{"a": 1}')
    sh("hf", "repos", "cp", "config.json", f"hf://{one}/conf/config.json")
    assert sh("hf", "repos", "cp", f"hf://{one}/conf/config.json", "-").strip() == '{"a": 1}'
    sh("hf", "repos", "cp", f"hf://{one}/conf/config.json", f"hf://{other}/config.json")
    assert "config.json" in ada.list_repo_files(other)
    sh("hf", "repos", "cp", f"hf://{other}/config.json", "down.json")
    assert (sh.home / "down.json").read_text() == '{"a": 1}'


@pytest.mark.covers("models list, info, card", client="hf")
def test_models_are_listed_and_shown(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    sh = shell(ADA)
    repo = new_repo({"README.md": "---\nlicense: mit\n---\n# Hello card\n"})
    stem = repo.removeprefix("ada/")
    assert eventually(lambda: "license:mit" in ada.model_info(repo).tags)
    found = json.loads(sh("hf", "models", "list", "--author", "ada", "--search", stem, "--json"))
    assert [model["id"] for model in found] == [repo]
    assert "README.md" in sh("hf", "models", "list", repo)
    assert json.loads(sh("hf", "models", "info", repo, "--json"))["id"] == repo
    assert "# Hello card" in sh("hf", "models", "card", repo)
    assert "mit" in sh("hf", "models", "card", repo, "--metadata")


@pytest.mark.covers("datasets list, info, card", client="hf")
def test_datasets_are_listed_and_shown(shell: OpenShell, new_repo: NewRepo) -> None:
    sh = shell(ADA)
    repo = new_repo({"README.md": "---\nlicense: mit\n---\n# Data card\n"}, repo_type="dataset")
    found = json.loads(sh("hf", "datasets", "list", "--search", repo.removeprefix("ada/"), "--json"))
    assert [data["id"] for data in found] == [repo]
    assert json.loads(sh("hf", "datasets", "info", repo, "--json"))["id"] == repo
    assert "# Data card" in sh("hf", "datasets", "card", repo)


@pytest.mark.covers("spaces list, info, card", client="hf")
def test_spaces_are_listed_and_shown(shell: OpenShell, new_repo: NewRepo) -> None:
    sh = shell(ADA)
    repo = new_repo({"README.md": "---\nsdk: static\n---\n# Space card\n"}, repo_type="space")
    found = json.loads(sh("hf", "spaces", "list", "--search", repo.removeprefix("ada/"), "--json"))
    assert [space["id"] for space in found] == [repo]
    assert json.loads(sh("hf", "spaces", "info", repo, "--json"))["id"] == repo
    assert "# Space card" in sh("hf", "spaces", "card", repo)
