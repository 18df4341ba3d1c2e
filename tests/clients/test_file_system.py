"""HfFileSystem: a hub as folders and files, as pandas, fsspec and datasets use it."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi, HfFileSystem
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client
FILES = {"a.txt": "hello", "data/one.csv": "x,y\n1,2\n3,4\n", "data/deep/two.bin": bytes(range(256)) * 40}


@pytest.fixture
def fs(ada: HfApi) -> HfFileSystem:
    """The file system as ada sees it; fsspec would hand out an old one, so caching is off."""
    return HfFileSystem(token=ada.token, skip_instance_cache=True, use_listings_cache=False)


@pytest.mark.covers("HfFileSystem: read", client="huggingface_hub")
@pytest.mark.parametrize(("repo_type", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
def test_folders_are_listed(fs: HfFileSystem, new_repo: NewRepo, repo_type: str, prefix: str) -> None:
    root = prefix + new_repo(FILES, repo_type=repo_type, private=True)
    assert set(fs.ls(root, detail=False)) >= {f"{root}/.gitattributes", f"{root}/a.txt", f"{root}/data"}
    assert set(fs.find(f"{root}/data")) == {f"{root}/data/one.csv", f"{root}/data/deep/two.bin"}
    assert fs.glob(f"{root}/**/*.csv") == [f"{root}/data/one.csv"]


@pytest.mark.covers("HfFileSystem: read", client="huggingface_hub")
def test_a_file_tells_what_it_is(fs: HfFileSystem, new_repo: NewRepo) -> None:
    root = new_repo(FILES)
    info = fs.info(f"{root}/data/deep/two.bin")
    assert (info["type"], info["size"], info["lfs"]["size"]) == ("file", 10240, 10240)
    assert fs.info(f"{root}/data")["type"] == "directory"
    assert fs.isfile(f"{root}/a.txt")
    assert fs.isdir(f"{root}/data/deep")
    assert not fs.exists(f"{root}/nothing")
    assert not fs.exists("ada/no-such-repository/a.txt")
    with pytest.raises(FileNotFoundError):
        fs.info(f"{root}/nothing")


@pytest.mark.covers("HfFileSystem: read", client="huggingface_hub")
def test_files_are_read_in_pieces_and_whole(fs: HfFileSystem, new_repo: NewRepo, tmp_path: Path) -> None:
    root = new_repo(FILES)
    with fs.open(f"{root}/data/deep/two.bin", "rb", block_size=1000) as stream:
        stream.seek(5000)
        assert stream.read(10) == FILES["data/deep/two.bin"][5000:5010]
        stream.seek(-3, 2)
        assert stream.read() == b"\xfd\xfe\xff"
    with fs.open(f"{root}/data/one.csv", "r") as lines:
        assert list(lines) == ["x,y\n", "1,2\n", "3,4\n"]
    fs.get_file(f"{root}/data/deep/two.bin", str(tmp_path / "two.bin"))
    assert (tmp_path / "two.bin").read_bytes() == FILES["data/deep/two.bin"]
    assert fs.cat_file(f"{root}/a.txt") == b"hello"


@pytest.mark.covers("HfFileSystem: read", client="huggingface_hub")
def test_revisions_are_named_after_an_at_sign(ada: HfApi, fs: HfFileSystem, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "one"})
    ada.create_branch(repo, branch="dev/x")
    add_files(ada, repo, {"a.txt": "two"})
    assert fs.cat_file(f"{repo}/a.txt") == b"two"
    assert fs.cat_file(f"{repo}@dev%2Fx/a.txt") == b"one"
    assert fs.cat_file(f"{repo}/a.txt", revision="dev/x") == b"one"


@pytest.mark.covers("HfFileSystem: write", client="huggingface_hub")
def test_files_are_written_copied_and_removed(ada: HfApi, fs: HfFileSystem, new_repo: NewRepo) -> None:
    repo = new_repo(repo_type="dataset")
    root = f"datasets/{repo}"
    with fs.open(f"{root}/notes.txt", "w") as stream:
        stream.write("first\n")
    with fs.open(f"{root}/notes.txt", "w") as stream:
        stream.write("first\nsecond\n")
    fs.pipe_file(f"{root}/w.bin", b"\1" * 3000)
    fs.cp_file(f"{root}/w.bin", f"{root}/copy/w.bin")
    assert fs.cat_file(f"{root}/notes.txt") == b"first\nsecond\n"
    assert fs.cat_file(f"{root}/copy/w.bin") == b"\1" * 3000
    fs.rm(f"{root}/w.bin")
    fs.rm(f"{root}/copy", recursive=True)
    assert ada.list_repo_files(repo, repo_type="dataset") == [".gitattributes", "notes.txt"]


@pytest.mark.covers("HfFileSystem: read", client="huggingface_hub")
def test_pandas_reads_and_writes_hf_addresses(ada: HfApi, new_repo: NewRepo) -> None:
    import pandas as pd

    repo = new_repo(FILES, repo_type="dataset", private=True)
    options = {"token": ada.token}
    frame = pd.read_csv(f"hf://datasets/{repo}/data/one.csv", storage_options=options)
    assert frame["y"].tolist() == [2, 4]
    frame.to_parquet(f"hf://datasets/{repo}/data/one.parquet", storage_options=options)
    again = pd.read_parquet(f"hf://datasets/{repo}/data/one.parquet", storage_options=options)
    assert again.equals(frame)


@pytest.mark.covers("HfFileSystem: read", "error classes", client="huggingface_hub")
def test_a_private_repository_is_no_folder_for_others(nobody: HfApi, new_repo: NewRepo) -> None:
    root = new_repo(FILES, private=True)
    fs = HfFileSystem(token=False, skip_instance_cache=True)
    assert not fs.exists(f"{root}/a.txt")
    with pytest.raises(FileNotFoundError):
        fs.ls(root)
