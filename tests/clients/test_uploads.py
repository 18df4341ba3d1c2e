"""upload_file and upload_folder with Xet switched off: the road over LFS."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests.live_hub import LiveHub
from tests.oracle import NewRepo

pytestmark = pytest.mark.client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder as a training leaves it behind."""
    root = tmp_path / "model"
    (root / "checkpoints" / "step-1").mkdir(parents=True)
    (root / "config.json").write_text('{"hidden_size": 8}')
    (root / "README.md").write_text("---\nlicense: mit\n---\n# A model\n")
    (root / "model.safetensors").write_bytes(b"\2" * 20_000)
    (root / "checkpoints" / "step-1" / "pytorch_model.bin").write_bytes(b"\3" * 10_000)
    (root / "train.log").write_text("loss 0.1\n")
    return root


@pytest.mark.covers("upload_file", client="huggingface_hub")
def test_a_file_is_uploaded_from_disk_from_bytes_and_from_a_stream(
    hub: LiveHub, ada: HfApi, new_repo: NewRepo, folder: Path
) -> None:
    repo = new_repo(repo_type="dataset")
    common = {"repo_id": repo, "repo_type": "dataset"}
    ada.upload_file(path_or_fileobj=folder / "model.safetensors", path_in_repo="a.bin", **common)
    ada.upload_file(path_or_fileobj=b"a,b\n", path_in_repo="b.csv", **common)
    with (folder / "model.safetensors").open("rb") as stream:
        done = ada.upload_file(path_or_fileobj=stream, path_in_repo="c.bin", **common)
    assert str(done) == f"{hub.url}/datasets/{repo}/commit/{ada.dataset_info(repo).sha}"
    assert hub.get(f"/datasets/{repo}/resolve/main/c.bin") == b"\2" * 20_000
    assert hub.get(f"/datasets/{repo}/resolve/main/b.csv") == b"a,b\n"


@pytest.mark.covers("upload_file", client="huggingface_hub")
def test_an_empty_file_can_be_uploaded(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.upload_file(path_or_fileobj=b"", path_in_repo="pkg/__init__.py", repo_id=repo)
    ada.upload_file(path_or_fileobj=b"", path_in_repo="empty.bin", repo_id=repo)
    assert hub.get(f"/{repo}/resolve/main/pkg/__init__.py") == b""
    assert hub.get(f"/{repo}/resolve/main/empty.bin") == b""


@pytest.mark.covers("upload_folder", client="huggingface_hub")
def test_a_folder_arrives_as_it_lies_on_disk(hub: LiveHub, ada: HfApi, new_repo: NewRepo, folder: Path) -> None:
    repo = new_repo()
    ada.upload_folder(repo_id=repo, folder_path=folder, commit_message="All of it")
    wanted = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(ada.list_repo_files(repo)) == {".gitattributes", *wanted}
    for path in wanted:
        assert hub.get(f"/{repo}/resolve/main/{path}") == (folder / path).read_bytes()
    assert ada.get_paths_info(repo, "model.safetensors")[0].lfs is not None


@pytest.mark.covers("upload_folder", client="huggingface_hub")
def test_patterns_choose_what_goes_up_and_what_is_deleted(ada: HfApi, new_repo: NewRepo, folder: Path) -> None:
    repo = new_repo({"out/stale.txt": "old", "out/keep.md": "keep"})
    ada.upload_folder(
        repo_id=repo,
        folder_path=folder,
        path_in_repo="out",
        allow_patterns=["*.json", "*.bin", "*.log"],
        ignore_patterns="*.log",
        delete_patterns="*.txt",
    )
    assert set(ada.list_repo_files(repo)) == {
        ".gitattributes",
        "out/keep.md",
        "out/config.json",
        "out/checkpoints/step-1/pytorch_model.bin",
    }


@pytest.mark.covers("upload_folder", client="huggingface_hub")
def test_uploading_the_same_folder_twice_makes_one_commit(ada: HfApi, new_repo: NewRepo, folder: Path) -> None:
    repo = new_repo()
    first = ada.upload_folder(repo_id=repo, folder_path=folder)
    second = ada.upload_folder(repo_id=repo, folder_path=folder)
    assert first.oid == second.oid == ada.model_info(repo).sha


@pytest.mark.covers("upload_folder", client="huggingface_hub")
def test_what_gitignore_names_stays_at_home(ada: HfApi, new_repo: NewRepo, folder: Path) -> None:
    repo = new_repo()
    (folder / ".gitignore").write_text("*.log\ncheckpoints/\n")
    ada.upload_folder(repo_id=repo, folder_path=folder)
    assert set(ada.list_repo_files(repo)) == {
        ".gitattributes",
        ".gitignore",
        "README.md",
        "config.json",
        "model.safetensors",
    }


@pytest.mark.covers("upload_folder", client="huggingface_hub")
def test_own_gitattributes_decide_what_is_large(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({".gitattributes": "*.weights filter=lfs diff=lfs merge=lfs -text\n"})
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "a.weights").write_text("text, but large by decree")
    (tmp_path / "up" / "b.txt").write_text("small")
    ada.upload_folder(repo_id=repo, folder_path=tmp_path / "up")
    large, small = ada.get_paths_info(repo, ["a.weights", "b.txt"])
    assert large.lfs is not None
    assert small.lfs is None


@pytest.mark.covers("list_lfs_files", "permanently_delete_lfs_files", client="huggingface_hub")
def test_large_files_are_listed_and_deleted_for_good(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"keep.bin": b"\4" * 5000, "drop.bin": b"\5" * 5000, "a.txt": "a"})
    files = {file.filename: file for file in ada.list_lfs_files(repo)}
    assert set(files) == {"keep.bin", "drop.bin"}
    assert files["drop.bin"].size == 5000
    ada.permanently_delete_lfs_files(repo, [files["drop.bin"]])
    assert [file.filename for file in ada.list_lfs_files(repo)] == ["keep.bin"]
    assert set(ada.list_repo_files(repo)) == {".gitattributes", "a.txt", "keep.bin"}


@pytest.mark.covers("copy_files", client="huggingface_hub")
def test_files_are_copied_from_one_repository_to_another(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    source = new_repo({"w/model.bin": b"\6" * 9000, "w/config.json": "{}"}, private=True)
    target = new_repo(private=True)
    ada.copy_files(f"hf://{source}/w/", f"hf://{target}/from/")
    assert set(ada.list_repo_files(target)) >= {"from/model.bin", "from/config.json"}
    token = hub.tokens["ada", "write"]
    assert hub.get(f"/{target}/resolve/main/from/model.bin", token=token) == b"\6" * 9000
    ada.delete_repo(source)
    assert hub.get(f"/{target}/resolve/main/from/model.bin", token=token) == b"\6" * 9000
