"""Pushes that the hub refuses, and what the pusher reads on the terminal."""

from collections.abc import Callable

import pytest
from huggingface_hub import HfApi
from tests.clients.gitbox import GitBox
from tests.oracle import NewRepo
from tests.people import ADA, EVE

pytestmark = pytest.mark.client
OpenBox = Callable[..., GitBox]
MISSING = "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12345\n"


def refused(box: GitBox, ada: HfApi, repo: str, *words: str) -> None:
    """The push fails, says these words, and leaves the branch where it was."""
    before = ada.model_info(repo).sha
    answer = box.try_("push")
    assert answer.code != 0
    for word in words:
        assert word in answer.text.lower(), answer.text
    assert ada.model_info(repo).sha == before


@pytest.fixture
def clone(gitbox: OpenBox, new_repo: NewRepo) -> tuple[GitBox, str]:
    """ada's clone of a fresh repository of hers."""
    repo = new_repo({"a.txt": "a"})
    box = gitbox(ADA)
    box.clone(repo)
    return box, repo


@pytest.mark.covers("refusals: file over 10 MB outside LFS", client="git")
def test_a_blob_over_ten_megabytes_must_be_lfs(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    box.write("big.txt", "0123456789abcdef" * 700_000)
    box.commit("Too big")
    refused(box, ada, repo, "big.txt", "lfs")


@pytest.mark.covers("refusals: file over 10 MB outside LFS", client="git")
def test_a_big_blob_is_found_in_the_middle_of_a_push_too(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    box.write("big.txt", "0123456789abcdef" * 700_000)
    box.commit("Too big")
    box("rm", "--quiet", "big.txt")
    box.commit("Gone again")
    refused(box, ada, repo, "big.txt", "lfs")


@pytest.mark.covers("refusals: LFS object that never came", client="git")
def test_a_pointer_needs_its_object(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    box("lfs", "uninstall", "--local")
    box("config", "filter.lfs.clean", "cat")
    box("config", "filter.lfs.process", "")
    box("config", "filter.lfs.required", "false")
    (box.work / ".git" / "hooks" / "pre-push").unlink(missing_ok=True)
    box.write("w.bin", MISSING.format(oid="a" * 64))
    box.commit("A pointer to nothing")
    refused(box, ada, repo, "w.bin", "lfs")


@pytest.mark.covers("refusals: LFS object that never came", client="git")
def test_an_object_of_a_repository_one_cannot_read_does_not_count(
    gitbox: OpenBox, ada: HfApi, eve: HfApi, new_repo: NewRepo
) -> None:
    secret = new_repo({"w.bin": b"only for ada's eyes" * 999}, private=True)
    oid = ada.get_paths_info(secret, "w.bin")[0].lfs.sha256
    size = len(b"only for ada's eyes" * 999)
    eve.create_repo("eve/curious", exist_ok=True)
    box = gitbox(EVE)
    box.shell.env["GIT_LFS_SKIP_PUSH"] = "1"
    box.clone("eve/curious")
    for key, value in (("clean", "cat"), ("process", ""), ("required", "false")):
        box("config", f"filter.lfs.{key}", value)
    (box.work / ".git" / "hooks" / "pre-push").unlink(missing_ok=True)
    box.write("w.bin", MISSING.format(oid=oid).replace("12345", str(size)))
    box.commit("Somebody else's weights")
    refused(box, eve, "eve/curious", "w.bin")


@pytest.mark.covers("refusals: broken card", client="git")
def test_a_card_must_have_readable_metadata(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    box.write("README.md", "---\nlicense: [mit\n---\n# Hi\n")
    box.commit("A broken card")
    refused(box, ada, repo, "readme.md", "metadata")
    box.write("README.md", "---\nlicense: mit\n---\n# Hi\n")
    box.commit("A whole card")
    box("push")


@pytest.mark.covers("refusals: no permission", client="git")
def test_a_stranger_reads_that_they_may_not_push(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    box = gitbox(EVE)
    box.clone(repo)
    box.write("eve.txt", "eve was here")
    box.commit("Uninvited")
    refused(box, ada, repo)
    assert "eve.txt" not in ada.list_repo_files(repo)


@pytest.mark.covers("refusals: no permission", client="git")
def test_the_default_branch_cannot_be_deleted(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    answer = box.try_("push", "origin", "--delete", "main")
    assert answer.code != 0
    assert "main" in {ref.name for ref in ada.list_repo_refs(repo).branches}


@pytest.mark.covers("refusals: no permission", client="git")
def test_refs_of_the_hub_itself_cannot_be_pushed(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, _ = clone
    for ref in ("refs/pr/1", "refs/convert/parquet", "refs/hidden/x"):
        assert box.try_("push", "origin", f"HEAD:{ref}").code != 0


@pytest.mark.covers("refusals: file over 10 MB outside LFS", client="git")
def test_after_a_refusal_lfs_migrate_mends_the_history(clone: tuple[GitBox, str], ada: HfApi) -> None:
    box, repo = clone
    box.write("big.txt", "0123456789abcdef" * 700_000)
    box.commit("Too big")
    refused(box, ada, repo, "lfs")
    box("lfs", "migrate", "import", "--include=big.txt", "--yes")
    box("push", "--force")
    assert ada.get_paths_info(repo, "big.txt")[0].lfs.size == 16 * 700_000
