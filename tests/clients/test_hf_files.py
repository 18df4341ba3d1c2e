"""`hf upload`, `hf download`, `hf cache`: files between a terminal and the hub."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests.clients.shell import Shell
from tests.live_hub import LiveHub
from tests.oracle import NewRepo
from tests.people import ADA, EVE, NOBODY

pytestmark = pytest.mark.client
OpenShell = Callable[..., Shell]


def model_folder(root: Path) -> Path:
    """A small model on disk."""
    folder = root / "my-model"
    (folder / "onnx").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"\1" * 9000)
    (folder / "onnx" / "model.onnx").write_bytes(b"\2" * 9000)
    (folder / "notes.tmp").write_text("scratch")
    return folder


@pytest.mark.covers("upload", client="hf")
def test_a_folder_is_uploaded_and_its_repository_made_on_the_way(
    hub: LiveHub, shell: OpenShell, ada: HfApi, name: str
) -> None:
    sh = shell(ADA)
    folder = model_folder(sh.home)
    shown = sh("hf", "upload", name, folder, ".", "--private", "--commit-message", "From a terminal")
    assert f"{hub.url}/{name}" in shown
    assert ada.model_info(name).private is True
    assert ada.list_repo_commits(name)[0].title.startswith("From a terminal")
    assert set(ada.list_repo_files(name)) >= {"config.json", "model.safetensors", "onnx/model.onnx"}


@pytest.mark.covers("upload", client="hf")
def test_a_single_file_is_uploaded_to_a_path(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    sh, repo = shell(ADA), new_repo(repo_type="dataset")
    (sh.home / "train.csv").write_text("a\n1\n")
    sh("hf", "upload", repo, "train.csv", "data/train.csv", "--repo-type", "dataset")
    assert "data/train.csv" in ada.list_repo_files(repo, repo_type="dataset")


@pytest.mark.covers("upload --delete, --include, --exclude", client="hf")
def test_patterns_choose_what_is_uploaded_and_deleted(shell: OpenShell, ada: HfApi, new_repo: NewRepo) -> None:
    sh, repo = shell(ADA), new_repo({"old.txt": "old"})
    folder = model_folder(sh.home)
    sh("hf", "upload", repo, folder, ".", "--include", "*.json", "--include", "*.onnx", "--delete", "*.txt")
    assert ada.list_repo_files(repo) == [".gitattributes", "config.json", "onnx/model.onnx"]
    sh("hf", "upload", repo, folder, ".", "--exclude", "*.tmp")
    assert "notes.tmp" not in ada.list_repo_files(repo)


@pytest.mark.covers("upload", client="hf")
def test_a_stranger_reads_why_nothing_was_uploaded(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(EVE), new_repo()
    (sh.home / "a.txt").write_text("a")
    answer = sh.try_("hf", "upload", repo, "a.txt")
    assert answer.code != 0
    assert "orbidden" in answer.text or "403" in answer.text


@pytest.mark.covers("download", client="hf")
@pytest.mark.parametrize("repo_type", ["model", "dataset"])
def test_everything_is_downloaded_into_a_folder(shell: OpenShell, new_repo: NewRepo, repo_type: str) -> None:
    sh = shell(NOBODY)
    repo = new_repo({"a.txt": "a", "d/w.bin": b"\3" * 5000}, repo_type=repo_type)
    sh("hf", "download", repo, "--repo-type", repo_type, "--local-dir", "here")
    assert (sh.home / "here" / "a.txt").read_text() == "a"
    assert (sh.home / "here" / "d" / "w.bin").read_bytes() == b"\3" * 5000


@pytest.mark.covers("download", client="hf")
def test_a_single_file_is_downloaded_and_its_path_printed(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(ADA), new_repo({"a.txt": "a", "b.txt": "b"}, private=True)
    path = sh("hf", "download", repo, "a.txt", "--quiet").strip().splitlines()[-1]
    assert Path(path).read_text() == "a"
    assert not list(Path(sh.env["HF_HOME"]).rglob("b.txt"))


@pytest.mark.covers("download --include, --exclude, --local-dir", client="hf")
def test_patterns_choose_what_is_downloaded(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(NOBODY), new_repo({"a.json": "{}", "b.json": "{}", "c.txt": "c"})
    sh("hf", "download", repo, "--include", "*.json", "--exclude", "b.*", "--local-dir", "here")
    found = {path.name for path in (sh.home / "here").iterdir() if not path.name.startswith(".")}
    assert found == {"a.json"}


@pytest.mark.covers("download --dry-run", client="hf")
def test_a_dry_run_lists_and_brings_nothing(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(NOBODY), new_repo({"big.bin": b"\0" * 70_000})
    assert "big.bin" in sh("hf", "download", repo, "--dry-run", "--local-dir", "here")
    assert not (sh.home / "here" / "big.bin").exists()


@pytest.mark.covers("download", client="hf")
def test_what_cannot_be_downloaded_is_explained(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(EVE), new_repo({"a.txt": "a"}, private=True)
    answer = sh.try_("hf", "download", repo)
    assert answer.code != 0
    assert "not found" in answer.text.lower()
    sh_ada = shell(ADA)
    answer = sh_ada.try_("hf", "download", repo, "b.txt")
    assert answer.code != 0
    assert "b.txt" in answer.text
    assert "not found" in answer.text.lower()


@pytest.mark.covers("cache list, verify, rm, prune", client="hf")
def test_the_cache_is_listed_verified_and_cleared(shell: OpenShell, new_repo: NewRepo) -> None:
    sh, repo = shell(ADA), new_repo({"a.txt": "a", "w.bin": b"\4" * 5000}, private=True)
    sh("hf", "download", repo)
    assert repo in sh("hf", "cache", "list")
    sh("hf", "cache", "verify", repo)
    sh("hf", "cache", "prune", "--yes")
    sh("hf", "cache", "rm", f"model/{repo}", "--yes")
    assert repo not in sh("hf", "cache", "list")
