"""snapshot_download: whole repositories, parts of them, into a folder, and without a network afterwards."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client
FILES = {
    "README.md": "---\nlicense: mit\nsdk: static\n---\n# Hello\n",
    "config.json": "{}",
    "onnx/model.onnx": b"\1" * 4000,
    "model.safetensors": b"\2" * 4000,
    "data/train.csv": "a,b\n1,2\n",
}


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file of a snapshot but what the client keeps for itself."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".cache" not in path.relative_to(folder).parts
    }


def as_bytes(files: dict[str, str | bytes]) -> dict[str, bytes]:
    """The same with every text encoded."""
    return {path: body.encode() if isinstance(body, str) else body for path, body in files.items()}


@pytest.mark.covers("snapshot_download", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_a_snapshot_holds_every_file(nobody: HfApi, new_repo: NewRepo, tmp_path: Path, repo_type: str) -> None:
    repo = new_repo(FILES, repo_type=repo_type)
    found = files_under(Path(nobody.snapshot_download(repo, repo_type=repo_type, cache_dir=tmp_path)))
    assert set(found) >= {".gitattributes", *FILES}
    assert {path: found[path] for path in FILES} == as_bytes(FILES)


@pytest.mark.covers("snapshot_download", client="huggingface_hub")
def test_patterns_choose_what_comes_down(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo(FILES)
    folder = ada.snapshot_download(
        repo, cache_dir=tmp_path, allow_patterns=["*.json", "*.onnx", "data/*"], ignore_patterns=["*.onnx"]
    )
    assert set(files_under(Path(folder))) == {"config.json", "data/train.csv"}


@pytest.mark.covers("snapshot_download", "verify_repo_checksums", client="huggingface_hub")
def test_a_local_folder_is_filled_checked_and_kept_up_to_date(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo(FILES, private=True)
    ada.snapshot_download(repo, local_dir=tmp_path)
    assert set(files_under(tmp_path)) >= set(FILES)
    assert not ada.verify_repo_checksums(repo, local_dir=tmp_path).mismatches
    add_files(ada, repo, {"config.json": '{"new": 1}', "more.txt": "more"})
    ada.snapshot_download(repo, local_dir=tmp_path)
    assert files_under(tmp_path)["config.json"] == b'{"new": 1}'
    assert files_under(tmp_path)["more.txt"] == b"more"
    (tmp_path / "model.safetensors").write_bytes(b"rotten")
    checked = ada.verify_repo_checksums(repo, local_dir=tmp_path)
    assert [bad["path"] for bad in checked.mismatches] == ["model.safetensors"]


@pytest.mark.covers("snapshot_download", client="huggingface_hub")
def test_a_snapshot_of_an_old_revision_holds_the_old_files(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"a.txt": "one"})
    old = ada.model_info(repo).sha
    add_files(ada, repo, {"a.txt": "two", "b.txt": "b"})
    ada.create_tag(repo, tag="v2")
    for revision, wanted in ((old, {"a.txt": b"one"}), ("v2", {"a.txt": b"two", "b.txt": b"b"})):
        folder = Path(ada.snapshot_download(repo, revision=revision, cache_dir=tmp_path))
        found = files_under(folder)
        del found[".gitattributes"]
        assert found == wanted


@pytest.mark.covers("snapshot_download", "error classes", client="huggingface_hub")
def test_a_snapshot_of_nothing_has_an_exception_of_its_own(
    ada: HfApi, nobody: HfApi, new_repo: NewRepo, tmp_path: Path
) -> None:
    repo = new_repo(private=True)
    with pytest.raises(RevisionNotFoundError):
        ada.snapshot_download(repo, revision="gone", cache_dir=tmp_path)
    with pytest.raises(RepositoryNotFoundError):
        ada.snapshot_download(repo + "-not", cache_dir=tmp_path)
    with pytest.raises(RepositoryNotFoundError):
        nobody.snapshot_download(repo, cache_dir=tmp_path)


@pytest.mark.covers("snapshot_download", "offline mode", client="huggingface_hub")
def test_what_was_downloaded_is_there_without_the_hub(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo(FILES)
    online = ada.snapshot_download(repo, cache_dir=tmp_path)
    elsewhere = HfApi(endpoint="http://127.0.0.1:9", token=False)
    assert elsewhere.snapshot_download(repo, cache_dir=tmp_path, local_files_only=True) == online
    assert elsewhere.hf_hub_download(repo, "config.json", cache_dir=tmp_path, local_files_only=True)


@pytest.mark.covers("snapshot_download", client="huggingface_hub")
def test_a_snapshot_of_many_files_is_complete(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({f"part-{n:04}.json": f'{{"n": {n}}}' for n in range(120)}, repo_type="dataset")
    folder = Path(ada.snapshot_download(repo, repo_type="dataset", cache_dir=tmp_path, max_workers=4))
    assert len(files_under(folder)) == 121


@pytest.mark.covers("snapshot_download", client="huggingface_hub")
def test_a_dry_run_of_a_snapshot_lists_what_it_would_bring(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo(FILES)
    plan = {item.filename: item.file_size for item in ada.snapshot_download(repo, dry_run=True, cache_dir=tmp_path)}
    assert plan["model.safetensors"] == 4000
    assert set(plan) == {".gitattributes", *FILES}
