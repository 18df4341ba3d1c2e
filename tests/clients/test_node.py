"""@huggingface/hub: the same hub from JavaScript."""

import base64
import hashlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.live_hub import SHUT_DOOR, LiveHub
from tests.oracle import NewRepo, add_files, eventually
from tests.people import ADA, EVE, NOBODY, Person

pytestmark = pytest.mark.client
SOURCE = Path(__file__).parent / "node"
NODE = "@huggingface/hub"
Call = Callable[..., Any]


class NodeError(Exception):
    """What the JavaScript client threw."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.status = status


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """The package with its modules, installed once from the lock file and kept beside the other assets."""
    folder = assets.node_packages(SOURCE, "node")
    shutil.copy(SOURCE / "call.mjs", folder)
    return folder


@pytest.fixture
def node(hub: LiveHub, node_folder: Path) -> Call:
    """`node("whoAmI", as_=ADA)`: call a function of the package as somebody."""

    def call(function: str, *, as_: Person = ADA, role: str = "write", **params: object) -> Any:
        common = {"hubUrl": hub.url, "accessToken": hub.token(as_, role)}
        asked = {"name": function, "params": {k: v for k, v in (common | params).items() if v is not None}}
        env = {"PATH": os.environ["PATH"], "HOME": str(node_folder), "http_proxy": SHUT_DOOR}
        done = subprocess.run(
            ["node", "call.mjs"],
            cwd=node_folder,
            env=env,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        if error := answer.get("error"):
            raise NodeError(error["message"], error["status"])
        return answer["value"]

    return call


def blob(body: bytes) -> dict[str, str]:
    """Bytes as call.mjs takes them."""
    return {"$bytes": base64.b64encode(body).decode()}


def body_of(answer: dict[str, str]) -> bytes:
    """Bytes as call.mjs gives them."""
    return base64.b64decode(answer["$bytes"])


@pytest.mark.covers("whoAmI", client=NODE)
def test_who_am_i_names_the_person(node: Call) -> None:
    me = node("whoAmI")
    assert (me["name"], me["type"], [org["name"] for org in me["orgs"]]) == ("ada", "user", ["lab"])
    assert me["auth"]["accessToken"]["role"] == "write"


@pytest.mark.covers("createRepo, deleteRepo, repoExists", client=NODE)
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_repositories_are_made_found_and_deleted(hub: LiveHub, node: Call, name: str, repo_type: str) -> None:
    repo = {"type": repo_type, "name": name}
    sdk = "static" if repo_type == "space" else None
    made = node("createRepo", repo=repo, private=True, sdk=sdk)
    assert made["repoUrl"].startswith(hub.url)
    assert node("repoExists", repo=repo) is True
    assert node("repoExists", repo=repo, as_=EVE) is False
    node("deleteRepo", repo=repo)
    assert node("repoExists", repo=repo) is False


@pytest.mark.covers("uploadFile, uploadFiles, commit", "downloadFile", client=NODE)
def test_files_go_up_and_come_down(node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    repo, weights = new_repo(private=True), bytes(range(256)) * 200
    files = [
        {"path": "text.txt", "content": blob("grüße 世界".encode())},
        {"path": "w/model.safetensors", "content": blob(weights)},
    ]
    done = node("uploadFiles", repo=repo, files=files, commitTitle="From JavaScript", useXet=False)
    assert done["commit"]["oid"] == ada.model_info(repo).sha
    assert ada.list_repo_commits(repo)[0].title == "From JavaScript"
    assert ada.get_paths_info(repo, "w/model.safetensors")[0].lfs.size == len(weights)
    assert body_of(node("downloadFile", repo=repo, path="w/model.safetensors", xet=False)) == weights
    assert body_of(node("downloadFile", repo=repo, path="text.txt")).decode() == "grüße 世界"
    node("uploadFile", repo=repo, file={"path": "one.txt", "content": blob(b"1")})
    assert "one.txt" in ada.list_repo_files(repo)


@pytest.mark.covers("uploadFiles and downloadFile over Xet", client=NODE)
def test_large_files_go_up_and_come_down_as_chunks(hub: LiveHub, node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    body = random.Random(11).randbytes(1_500_000)
    changed = body[:700_000] + b"changed" + body[700_000:]
    repo = new_repo({"first.bin": body})
    assert eventually(lambda: ada.get_paths_info(repo, "first.bin")[0].xet_hash is not None)
    assert body_of(node("downloadFile", repo=repo, path="first.bin", xet=True)) == body
    node("uploadFiles", repo=repo, files=[{"path": "w.safetensors", "content": blob(changed)}], useXet=True)
    [info] = ada.get_paths_info(repo, "w.safetensors")
    assert (info.lfs.sha256, len(info.xet_hash)) == (hashlib.sha256(changed).hexdigest(), 64)
    assert body_of(node("downloadFile", repo=repo, path="w.safetensors", xet=True)) == changed
    assert hub.get(f"/{repo}/resolve/main/w.safetensors") == changed


@pytest.mark.covers("uploadFile, uploadFiles, commit", client=NODE)
def test_a_commit_adds_and_deletes_together(node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"old.txt": "old"})
    operations = [
        {"operation": "addOrUpdate", "path": "new.txt", "content": blob(b"new")},
        {"operation": "delete", "path": "old.txt"},
    ]
    node("commit", repo=repo, title="Both", operations=operations)
    assert ada.list_repo_files(repo) == [".gitattributes", "new.txt"]


@pytest.mark.covers("deleteFile, deleteFiles", client=NODE)
def test_files_are_deleted(node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a": "a", "b": "b", "c": "c"})
    node("deleteFile", repo=repo, path="a")
    node("deleteFiles", repo=repo, paths=["b"])
    assert ada.list_repo_files(repo) == [".gitattributes", "c"]


@pytest.mark.covers("fileExists, fileDownloadInfo", client=NODE)
def test_a_file_tells_whether_and_how_large_it_is(node: Call, new_repo: NewRepo) -> None:
    repo = new_repo({"w.bin": b"\1" * 9000})
    assert node("fileExists", repo=repo, path="w.bin") is True
    assert node("fileExists", repo=repo, path="x.bin") is False
    info = node("fileDownloadInfo", repo=repo, path="w.bin")
    assert info["size"] == 9000
    assert node("fileDownloadInfo", repo=repo, path="x.bin") is None


@pytest.mark.covers("listFiles", "pathsInfo", client=NODE)
def test_files_are_listed_and_looked_up(node: Call, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a", "d/b.bin": b"\2" * 5000})
    listed = {entry["path"]: entry for entry in node("listFiles", repo=repo, recursive=True, expand=True)}
    assert set(listed) == {".gitattributes", "a.txt", "d", "d/b.bin"}
    assert listed["d/b.bin"]["lfs"]["size"] == 5000
    assert listed["a.txt"]["lastCommit"]["title"] == "Add files"
    found = node("pathsInfo", repo=repo, paths=["a.txt", "none"])
    assert [entry["path"] for entry in found] == ["a.txt"]


@pytest.mark.covers("listModels, listDatasets, listSpaces", client=NODE)
@pytest.mark.parametrize(
    ("function", "repo_type"), [("listModels", "model"), ("listDatasets", "dataset"), ("listSpaces", "space")]
)
def test_repositories_are_listed(node: Call, new_repo: NewRepo, function: str, repo_type: str) -> None:
    repo = new_repo(repo_type=repo_type)
    search = {"owner": "ada", "query": repo.removeprefix("ada/")}
    found = node(function, search=search, as_=NOBODY, additionalFields=["author", "tags"])
    assert [(item["name"], item["author"]) for item in found] == [(repo, "ada")]


@pytest.mark.covers("modelInfo, datasetInfo, spaceInfo", client=NODE)
@pytest.mark.parametrize(
    ("function", "repo_type"), [("modelInfo", "model"), ("datasetInfo", "dataset"), ("spaceInfo", "space")]
)
def test_a_repository_tells_about_itself(node: Call, new_repo: NewRepo, function: str, repo_type: str) -> None:
    repo = new_repo(repo_type=repo_type, private=True)
    info = node(function, name=repo, additionalFields=["author"])
    assert (info["name"], info["private"], info["author"]) == (repo, True, "ada")
    with pytest.raises(NodeError) as caught:
        node(function, name=repo, as_=EVE)
    assert caught.value.status == 404


@pytest.mark.covers("listCommits, countCommits", client=NODE)
def test_commits_are_listed_and_counted(node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    for text in ("b", "c"):
        add_files(ada, repo, {"a.txt": text})
    assert [commit["title"] for commit in node("listCommits", repo=repo)] == ["Add files"] * 3 + ["initial commit"]
    assert node("countCommits", repo=repo) == 4


@pytest.mark.covers("createBranch, deleteBranch", client=NODE)
def test_branches_are_made_and_deleted(node: Call, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    node("createBranch", repo=repo, branch="dev/x")
    assert {ref.name for ref in ada.list_repo_refs(repo).branches} == {"main", "dev/x"}
    node("deleteBranch", repo=repo, branch="dev/x")
    assert {ref.name for ref in ada.list_repo_refs(repo).branches} == {"main"}


@pytest.mark.covers("parseSafetensorsMetadata", client=NODE)
def test_the_header_of_safetensors_is_read(node: Call, new_repo: NewRepo) -> None:
    import torch
    from safetensors.torch import save

    repo = new_repo({"model.safetensors": save({"w": torch.zeros(6, 7)})})
    metadata = node("parseSafetensorsMetadata", repo=repo, computeParametersCount=True)
    assert metadata["sharded"] is False
    assert metadata["parameterCount"] == {"F32": 42}


@pytest.mark.covers("snapshotDownload", client=NODE)
def test_a_snapshot_comes_down(node: Call, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"a.txt": "a", "d/w.bin": b"\3" * 5000})
    folder = Path(node("snapshotDownload", repo=repo, cacheDir=str(tmp_path)))
    assert (folder / "a.txt").read_text() == "a"
    assert (folder / "d" / "w.bin").read_bytes() == b"\3" * 5000


@pytest.mark.covers("checkRepoAccess", client=NODE)
def test_access_is_checked(node: Call, new_repo: NewRepo) -> None:
    repo = new_repo(private=True)
    node("checkRepoAccess", repo=repo)
    for person, status in ((EVE, 404), (NOBODY, 401)):
        with pytest.raises(NodeError) as caught:
            node("checkRepoAccess", repo=repo, as_=person)
        assert caught.value.status == status
