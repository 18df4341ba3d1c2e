"""Uploads and downloads with hf_xet switched on: what a client of today does when nothing is said."""

import hashlib

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.notebook import CellFailed, Notebook
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files
from tests.people import ADA, EVE

pytestmark = pytest.mark.client
RANDOM = "import random; body = random.Random(seed).randbytes(size)"


def noise(seed: int, size: int) -> bytes:
    """The same pseudo-random bytes here and in the notebook."""
    import random

    return random.Random(seed).randbytes(size)


@pytest.mark.covers("upload_file", client="xet")
@pytest.mark.parametrize("size", [5, 4_000, 300_000, 5_000_000])
def test_a_file_of_any_size_arrives_whole(
    hub: LiveHub, xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo, size: int
) -> None:
    repo = new_repo()
    xet_notebook(
        f"from huggingface_hub import upload_file\n{RANDOM}\n"
        "upload_file(path_or_fileobj=body, path_in_repo='w.bin', repo_id=repo)",
        repo=repo,
        seed=size,
        size=size,
    )
    body = noise(size, size)
    info = ada.get_paths_info(repo, "w.bin")[0]
    assert (info.size, info.lfs.sha256) == (size, hashlib.sha256(body).hexdigest())
    assert len(info.xet_hash) == 64
    assert hub.get(f"/{repo}/resolve/main/w.bin") == body


@pytest.mark.covers("upload_folder", "hf_hub_download", "snapshot_download", client="xet")
@pytest.mark.parametrize("repo_type", ["model", "dataset"])
def test_a_folder_goes_up_and_comes_down(xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo, repo_type: str) -> None:
    same = xet_notebook(
        """
        import pathlib, random, tempfile
        from huggingface_hub import hf_hub_download, snapshot_download, upload_folder

        root = pathlib.Path(tempfile.mkdtemp())
        files = {"config.json": b"{}", "empty.bin": b"", "a.bin": random.Random(1).randbytes(900_000)}
        files["d/same.bin"] = files["a.bin"]
        files["d/b.safetensors"] = random.Random(2).randbytes(200_000)
        for path, body in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(body)
        upload_folder(repo_id=repo, repo_type=kind, folder_path=root)
        one = pathlib.Path(hf_hub_download(repo, "d/b.safetensors", repo_type=kind)).read_bytes()
        down = pathlib.Path(snapshot_download(repo, repo_type=kind))
        [one == files["d/b.safetensors"], all((down / p).read_bytes() == b for p, b in files.items())]
        """,
        repo=new_repo(repo_type=repo_type, private=True),
        kind=repo_type,
    )
    assert same == [True, True]


@pytest.mark.covers("deduplicated upload", client="xet")
def test_a_changed_file_sends_only_what_changed(hub: LiveHub, xet_notebook: Notebook, new_repo: NewRepo) -> None:
    repo = new_repo()
    stored = []
    for cell in ("pass", "body = body[:1_000_000] + b'changed' + body[1_000_000:]"):
        xet_notebook(
            f"from huggingface_hub import upload_file\n{RANDOM}\n{cell}\n"
            "upload_file(path_or_fileobj=body, path_in_repo='w.bin', repo_id=repo)",
            repo=repo,
            seed=77,
            size=8_000_000,
        )
        stored.append(sum(path.stat().st_size for path in hub.data.rglob("*") if path.is_file()))
    assert stored[1] - stored[0] < 1_500_000
    body = noise(77, 8_000_000)
    assert hub.get(f"/{repo}/resolve/main/w.bin") == body[:1_000_000] + b"changed" + body[1_000_000:]


@pytest.mark.covers("mixed with LFS", client="xet")
def test_what_came_over_lfs_is_read_over_xet(xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    add_files(ada, repo, {"w.bin": noise(5, 500_000)})
    digest = xet_notebook(
        """
        import hashlib, pathlib
        from huggingface_hub import hf_hub_download
        hashlib.sha256(pathlib.Path(hf_hub_download(repo, "w.bin")).read_bytes()).hexdigest()
        """,
        repo=repo,
    )
    assert digest == hashlib.sha256(noise(5, 500_000)).hexdigest()


@pytest.mark.covers("mixed with LFS", client="xet")
def test_what_came_over_xet_is_read_over_lfs_and_git(
    hub: LiveHub, xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo()
    xet_notebook(
        f"from huggingface_hub import upload_file\n{RANDOM}\n"
        "upload_file(path_or_fileobj=body, path_in_repo='w.bin', repo_id=repo)",
        repo=repo,
        seed=6,
        size=400_000,
    )
    from pathlib import Path

    assert Path(ada.hf_hub_download(repo, "w.bin")).read_bytes() == noise(6, 400_000)
    pointer = hub.get(f"/{repo}/raw/main/w.bin").decode()
    assert hashlib.sha256(noise(6, 400_000)).hexdigest() in pointer


@pytest.mark.covers("range reads", client="xet")
def test_parts_of_a_file_are_read(xet_notebook: Notebook, new_repo: NewRepo) -> None:
    parts = xet_notebook(
        f"""
from huggingface_hub import HfFileSystem, upload_file
{RANDOM}
upload_file(path_or_fileobj=body, path_in_repo='w.bin', repo_id=repo)
with HfFileSystem(skip_instance_cache=True).open(f"{{repo}}/w.bin", "rb", block_size=65536) as stream:
    stream.seek(1_234_567)
    middle = stream.read(1000)
    stream.seek(-10, 2)
    end = stream.read()
[middle == body[1_234_567:1_235_567], end == body[-10:]]
""",
        repo=new_repo(private=True),
        seed=8,
        size=3_000_000,
    )
    assert parts == [True, True]


@pytest.mark.covers("private repositories", client="xet")
def test_a_stranger_gets_no_token_for_a_private_repository(
    hub: LiveHub, xet_notebook: Notebook, eve: HfApi, ada: HfApi, new_repo: NewRepo
) -> None:
    import urllib.error

    repo = new_repo({"w.bin": noise(9, 100_000)}, private=True)
    sha = ada.model_info(repo).sha
    for token, status in ((hub.token(EVE), 404), (None, 401)):
        for what in ("read", "write"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                hub.get(f"/api/models/{repo}/xet-{what}-token/{sha}", token=token)
            assert caught.value.code == status
            caught.value.close()
    with pytest.raises(urllib.error.HTTPError) as caught:
        hub.get(f"/api/models/{repo}/xet-write-token/main", token=hub.token(ADA, "read"))
    assert caught.value.code == 403
    caught.value.close()


@pytest.mark.covers("upload_file", client="xet")
def test_a_stranger_uploads_nothing(hub: LiveHub, xet_notebook: Notebook, new_repo: NewRepo) -> None:
    with pytest.raises(CellFailed, match="403"):
        xet_notebook(
            "from huggingface_hub import upload_file\n"
            "upload_file(path_or_fileobj=b'0' * 9999, path_in_repo='w.bin', repo_id=repo)",
            repo=new_repo(),
            token=hub.token(EVE),
        )


@pytest.mark.slow
@pytest.mark.covers("real weights", client="xet")
def test_real_weights_go_up_and_come_down(xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    digest = xet_notebook(
        """
        import hashlib, pathlib
        from huggingface_hub import snapshot_download, upload_folder
        upload_folder(repo_id=repo, folder_path=folder, ignore_patterns=".gitattributes")
        down = pathlib.Path(snapshot_download(repo))
        hashlib.sha256((down / "model.safetensors").read_bytes()).hexdigest()
        """,
        repo=repo,
        folder=str(assets.minilm()),
    )
    assert digest == assets.MINILM_WEIGHTS_SHA256
    ada.delete_repo(repo)
