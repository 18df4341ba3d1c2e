"""Single files: hf_hub_download, metadata, ranges, and the errors when they are not there."""

import hashlib
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client
BODY = bytes(range(256)) * 100


def read(path: str) -> bytes:
    """The bytes of a downloaded file."""
    return Path(path).read_bytes()


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_a_file_comes_down_byte_for_byte(nobody: HfApi, new_repo: NewRepo, repo_type: str) -> None:
    repo = new_repo({"dir/ä b#c%20.txt": "text", "w.bin": BODY}, repo_type=repo_type)
    assert read(nobody.hf_hub_download(repo, "dir/ä b#c%20.txt", repo_type=repo_type)) == b"text"
    assert read(nobody.hf_hub_download(repo, "w.bin", repo_type=repo_type)) == BODY
    path = nobody.hf_hub_download(repo, "ä b#c%20.txt", subfolder="dir", repo_type=repo_type)
    assert read(path) == b"text"


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
def test_a_file_comes_down_at_any_revision(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "one"})
    first = ada.model_info(repo).sha
    ada.create_tag(repo, tag="v1/α")
    ada.create_branch(repo, branch="dev/x")
    add_files(ada, repo, {"a.txt": "two"})
    add_files(ada, repo, {"a.txt": "three"}, revision="dev/x")
    wanted = {first: b"one", "v1/α": b"one", "main": b"two", "dev/x": b"three"}
    for revision, body in wanted.items():
        assert read(ada.hf_hub_download(repo, "a.txt", revision=revision)) == body


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
def test_a_changed_file_is_fetched_anew_and_an_unchanged_one_is_not(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "one", "b.txt": "same"})
    before = Path(ada.hf_hub_download(repo, "b.txt")).resolve()
    add_files(ada, repo, {"a.txt": "two"})
    assert read(ada.hf_hub_download(repo, "a.txt")) == b"two"
    assert Path(ada.hf_hub_download(repo, "b.txt")).resolve() == before


@pytest.mark.covers("hf_hub_download", "error classes", client="huggingface_hub")
def test_what_is_missing_has_an_exception_of_its_own(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    with pytest.raises(EntryNotFoundError):
        ada.hf_hub_download(repo, "b.txt")
    with pytest.raises(RevisionNotFoundError):
        ada.hf_hub_download(repo, "a.txt", revision="no-such-branch")
    with pytest.raises(RevisionNotFoundError):
        ada.hf_hub_download(repo, "a.txt", revision="0" * 40)
    with pytest.raises(RepositoryNotFoundError):
        ada.hf_hub_download("ada/no-such-repository", "a.txt")


@pytest.mark.covers("hf_hub_download", "offline mode", client="huggingface_hub")
def test_that_a_file_is_missing_is_remembered(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"a.txt": "a"})
    with pytest.raises(EntryNotFoundError):
        ada.hf_hub_download(repo, "b.txt", cache_dir=tmp_path)
    assert list(tmp_path.rglob(".no_exist/*/b.txt"))
    with pytest.raises(LocalEntryNotFoundError):
        ada.hf_hub_download(repo, "a.txt", cache_dir=tmp_path, local_files_only=True)


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
def test_a_broken_download_is_resumed(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"w.bin": BODY})
    etag = hashlib.sha256(BODY).hexdigest()
    whole = Path(ada.hf_hub_download(repo, "w.bin", cache_dir=tmp_path / "one"))
    assert whole.resolve().name == etag
    blobs = whole.resolve().parent
    half = tmp_path / "two" / blobs.relative_to(tmp_path / "one")
    half.mkdir(parents=True)
    (half / f"{etag}.incomplete").write_bytes(BODY[:1000])
    assert read(ada.hf_hub_download(repo, "w.bin", cache_dir=tmp_path / "two")) == BODY


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
def test_a_local_folder_receives_plain_files(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"d/a.txt": "one", "w.bin": BODY})
    ada.hf_hub_download(repo, "d/a.txt", local_dir=tmp_path)
    ada.hf_hub_download(repo, "w.bin", local_dir=tmp_path)
    assert (tmp_path / "d" / "a.txt").read_bytes() == b"one"
    assert (tmp_path / "w.bin").read_bytes() == BODY
    add_files(ada, repo, {"d/a.txt": "two"})
    ada.hf_hub_download(repo, "d/a.txt", local_dir=tmp_path)
    assert (tmp_path / "d" / "a.txt").read_bytes() == b"two"


@pytest.mark.covers("hf_hub_download", client="huggingface_hub")
def test_a_dry_run_tells_the_size_and_brings_nothing(ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"w.bin": BODY})
    plan = ada.hf_hub_download(repo, "w.bin", cache_dir=tmp_path, dry_run=True)
    assert (plan.file_size, plan.filename, plan.will_download) == (len(BODY), "w.bin", True)
    assert plan.commit_hash == ada.model_info(repo).sha


@pytest.mark.covers("get_hf_file_metadata", client="huggingface_hub")
def test_metadata_names_commit_etag_and_size(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "hello\n", "w.bin": BODY})
    sha = ada.model_info(repo).sha
    small = ada.get_hf_file_metadata(url=hf_hub_url(repo, "a.txt"))
    assert (small.commit_hash, small.size) == (sha, 6)
    assert small.etag == hashlib.sha1(b"blob 6\0hello\n").hexdigest()
    large = ada.get_hf_file_metadata(url=hf_hub_url(repo, "w.bin"))
    assert (large.commit_hash, large.size) == (sha, len(BODY))
    assert large.etag == hashlib.sha256(BODY).hexdigest()


@pytest.mark.covers("file_exists", "revision_exists", "repo_exists", client="huggingface_hub")
def test_questions_of_existence_are_answered(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    assert ada.file_exists(repo, "a.txt")
    assert not ada.file_exists(repo, "b.txt")
    assert not ada.file_exists(repo, "a.txt", revision="other")
    assert ada.revision_exists(repo, "main")
    assert ada.revision_exists(repo, ada.model_info(repo).sha[:8])
    assert not ada.revision_exists(repo, "other")
    assert ada.repo_exists(repo)
    assert not ada.repo_exists(repo + "-not")


@pytest.mark.covers("resolve_revision", client="huggingface_hub")
def test_a_branch_is_resolved_to_its_commit(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    assert ada.resolve_revision(repo).resolved == ada.model_info(repo).sha


@pytest.mark.parametrize("path", ["a.txt", "w.bin"])
@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [("bytes=0-9", 206, slice(0, 10)), ("bytes=5-", 206, slice(5, None)), ("bytes=-4", 206, slice(-4, None))],
)
def test_ranges_bring_the_bytes_asked_for(
    hub: LiveHub, new_repo: NewRepo, path: str, asked: str, status: int, part: slice
) -> None:
    repo = new_repo({"a.txt": BODY.hex(), "w.bin": BODY})
    whole = BODY.hex().encode() if path == "a.txt" else BODY
    answer = httpx.get(
        f"{hub.url}/{repo}/resolve/main/{path}", headers={"range": asked}, trust_env=False, follow_redirects=True
    )
    assert answer.status_code == status
    assert answer.content == whole[part]
    assert answer.headers["content-range"].endswith(f"/{len(whole)}")


def test_a_known_etag_brings_no_body(hub: LiveHub, new_repo: NewRepo) -> None:
    url = f"{hub.url}/{new_repo({'a.txt': 'a'})}/resolve/main/a.txt"
    first = httpx.get(url, trust_env=False)
    again = httpx.get(url, headers={"if-none-match": first.headers["etag"]}, trust_env=False)
    assert (again.status_code, again.content) == (304, b"")


def test_every_answer_carries_the_request_id_that_was_asked_with(hub: LiveHub) -> None:
    for path in ("/api/models", "/ada/nothing/resolve/main/x", "/nowhere/at/all"):
        answer = httpx.get(hub.url + path, headers={"x-amzn-trace-id": "trace-me"}, trust_env=False)
        assert "trace-me" in answer.headers["x-request-id"]
        answer = httpx.get(hub.url + path, headers={"x-request-id": "mine"}, trust_env=False)
        assert answer.headers["x-request-id"] == "mine"
