"""Looking into a repository: trees, paths, sizes, last commits."""

import pytest
from huggingface_hub import HfApi, RepoFile, RepoFolder
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client
FILES = {"a.txt": "a", "d/b.txt": "bb", "d/e/c.bin": b"\0" * 3000, "d ä/#%20/x.txt": "x"}


@pytest.mark.covers("list_repo_tree", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_the_top_of_a_tree_lists_files_and_folders(nobody: HfApi, new_repo: NewRepo, repo_type: str) -> None:
    repo = new_repo(FILES, repo_type=repo_type)
    tree = {entry.path: entry for entry in nobody.list_repo_tree(repo, repo_type=repo_type)}
    assert {".gitattributes", "a.txt", "d", "d ä"} <= set(tree)
    assert isinstance(tree["d"], RepoFolder)
    assert isinstance(tree["a.txt"], RepoFile)
    assert tree["a.txt"].size == 1
    assert len(tree["d"].tree_id) == len(tree["a.txt"].blob_id) == 40


@pytest.mark.covers("list_repo_tree", client="huggingface_hub")
def test_a_recursive_tree_lists_everything_with_its_folders(nobody: HfApi, new_repo: NewRepo) -> None:
    paths = {entry.path for entry in nobody.list_repo_tree(new_repo(FILES), recursive=True)}
    assert paths == {".gitattributes", *FILES, "d", "d/e", "d ä", "d ä/#%20"}


@pytest.mark.covers("list_repo_tree", client="huggingface_hub")
def test_a_folder_is_listed_by_its_path(nobody: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(FILES)
    assert {entry.path for entry in nobody.list_repo_tree(repo, "d")} == {"d/b.txt", "d/e"}
    assert [entry.path for entry in nobody.list_repo_tree(repo, "d ä/#%20")] == ["d ä/#%20/x.txt"]


@pytest.mark.covers("list_repo_tree", client="huggingface_hub")
def test_an_expanded_tree_tells_the_last_commit_of_each_entry(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"old.txt": "1", "d/new.txt": "1"})
    old = ada.model_info(repo).sha
    new = add_files(ada, repo, {"d/new.txt": "2"})
    tree = {entry.path: entry for entry in ada.list_repo_tree(repo, expand=True, recursive=True)}
    assert tree["old.txt"].last_commit.oid == old
    assert tree["d/new.txt"].last_commit.oid == new
    assert tree["d"].last_commit.oid == new
    assert tree["old.txt"].last_commit.title == "Add files"
    assert tree["old.txt"].security is None or tree["old.txt"].security.status in ("unscanned", "safe")


@pytest.mark.covers("list_repo_tree", "error classes", client="huggingface_hub")
def test_a_tree_that_is_not_there_has_an_exception_of_its_own(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(FILES)
    for path in ("nowhere", "a.txt", "d/nowhere"):
        with pytest.raises(EntryNotFoundError):
            list(ada.list_repo_tree(repo, path))
    with pytest.raises(RevisionNotFoundError):
        list(ada.list_repo_tree(repo, revision="gone"))


@pytest.mark.covers("list_repo_tree", "list_repo_files", "pagination", client="huggingface_hub")
def test_a_tree_of_many_files_comes_in_pages_and_is_complete(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    wanted = {f"many/{n:05}.txt" for n in range(2300)}
    add_files(ada, repo, dict.fromkeys(wanted, "same"))
    assert {entry.path for entry in ada.list_repo_tree(repo, "many")} == wanted
    assert set(ada.list_repo_files(repo)) == {".gitattributes", *wanted}


@pytest.mark.covers("get_paths_info", client="huggingface_hub")
def test_paths_info_answers_for_files_and_folders_and_leaves_out_the_unknown(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(FILES)
    found = {entry.path: entry for entry in ada.get_paths_info(repo, ["a.txt", "d", "d ä/#%20/x.txt", "gone"])}
    assert set(found) == {"a.txt", "d", "d ä/#%20/x.txt"}
    assert isinstance(found["d"], RepoFolder)
    expanded = ada.get_paths_info(repo, "a.txt", expand=True)[0]
    assert expanded.last_commit.oid == ada.model_info(repo).sha


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_info_with_blobs_tells_sizes_and_hashes(ada: HfApi, new_repo: NewRepo) -> None:
    info = ada.model_info(new_repo(FILES), files_metadata=True)
    files = {file.rfilename: file for file in info.siblings}
    assert set(files) == {".gitattributes", *FILES}
    assert (files["d/b.txt"].size, files["d/b.txt"].lfs) == (2, None)
    assert files["d/e/c.bin"].size == files["d/e/c.bin"].lfs["size"] == 3000


@pytest.mark.parametrize("path", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a/../../b", ".git/config", "a%00b"])
def test_no_path_leads_out_of_the_repository(hub: LiveHub, ada: HfApi, new_repo: NewRepo, path: str) -> None:
    import httpx

    repo = new_repo(FILES)
    for place in (f"{repo}/resolve/main/", f"{repo}/raw/main/", f"api/models/{repo}/tree/main/"):
        answer = httpx.get(httpx.URL(hub.url, raw_path=f"/{place}{path}".encode()), trust_env=False)
        assert 400 <= answer.status_code < 500


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
@pytest.mark.parametrize("path", ["a/../../b", ".git/config", "a\\..\\b", "a//b", "a/\0b", "/abs", "a/.GIT/hooks/x"])
def test_a_commit_cannot_write_outside_of_the_repository(hub: LiveHub, new_repo: NewRepo, path: str) -> None:
    import httpx

    lines = [
        {"key": "header", "value": {"summary": "Break out"}},
        {"key": "file", "value": {"path": path, "content": "eA==", "encoding": "base64"}},
    ]
    import json

    answer = httpx.post(
        f"{hub.url}/api/models/{new_repo()}/commit/main",
        content="\n".join(map(json.dumps, lines)),
        headers={
            "authorization": f"Bearer {hub.tokens['ada', 'write']}",
            "content-type": "application/x-ndjson",
        },
        trust_env=False,
    )
    assert answer.status_code in (400, 422)


@pytest.mark.covers("get_safetensors_metadata", client="huggingface_hub")
def test_the_header_of_safetensors_is_read_without_its_tensors(ada: HfApi, new_repo: NewRepo) -> None:
    import torch
    from safetensors.torch import save

    weights = save({"layer.weight": torch.zeros(4, 5), "layer.bias": torch.zeros(5)})
    repo = new_repo({"model.safetensors": weights})
    metadata = ada.get_safetensors_metadata(repo)
    assert metadata.parameter_count == {"F32": 25}
    assert not metadata.sharded


@pytest.mark.covers("get_safetensors_metadata", "get_sharded_safetensors_metadata", client="huggingface_hub")
def test_sharded_safetensors_are_read_through_their_index(ada: HfApi, new_repo: NewRepo) -> None:
    import json

    import torch
    from safetensors.torch import save

    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    index = {"metadata": {"total_size": 80}, "weight_map": {"a": names[0], "b": names[1]}}
    repo = new_repo(
        {
            names[0]: save({"a": torch.zeros(10)}),
            names[1]: save({"b": torch.zeros(10)}),
            "model.safetensors.index.json": json.dumps(index),
        }
    )
    assert ada.get_safetensors_metadata(repo).parameter_count == {"F32": 20}
    assert set(ada.get_sharded_safetensors_metadata(repo).files_metadata) == set(names)


@pytest.mark.covers("get_safetensors_metadata", "error classes", client="huggingface_hub")
def test_a_repository_without_safetensors_says_so(ada: HfApi, new_repo: NewRepo) -> None:
    from huggingface_hub.errors import NotASafetensorsRepoError

    with pytest.raises((NotASafetensorsRepoError, HfHubHTTPError)):
        ada.get_safetensors_metadata(new_repo())
