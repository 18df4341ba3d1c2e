"""The journey of a course: make a repository, clone it, copy a model in, add, commit, push, clone elsewhere."""

import shutil
from collections.abc import Callable

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.gitbox import GitBox
from tests.live_hub import LiveHub
from tests.oracle import NewRepo
from tests.people import ADA, BOB, LAB, NOBODY

pytestmark = pytest.mark.client
OpenBox = Callable[..., GitBox]


@pytest.mark.covers(
    "clone, commit, push, clone elsewhere (name and password)", "large files through git-lfs", client="git"
)
def test_a_real_model_goes_up_by_git_and_comes_down_elsewhere(
    hub: LiveHub, gitbox: OpenBox, ada: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo()
    desk = gitbox(ADA)
    desk.clone(repo)
    shutil.copytree(assets.minilm(), desk.work, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".gitattributes"))
    desk("add", ".")
    desk("commit", "--quiet", "-m", "Add MiniLM")
    desk("push")
    assert any(question.startswith("Username for") for question in desk.asked)
    assert any(question.startswith("Password for") for question in desk.asked)
    info = ada.get_paths_info(repo, "model.safetensors")[0]
    assert info.lfs.sha256 == assets.MINILM_WEIGHTS_SHA256
    assert ada.model_info(repo).sha == desk("rev-parse", "HEAD").strip()
    train = gitbox(NOBODY, computer="train")
    train.clone(repo)
    assert assets.sha256_of(train.work / "model.safetensors") == assets.MINILM_WEIGHTS_SHA256
    assert (train.work / "vocab.txt").read_bytes() == (assets.minilm() / "vocab.txt").read_bytes()
    ada.delete_repo(repo)


@pytest.mark.covers("clone and push with a token", client="git")
def test_a_token_serves_as_the_password_whatever_the_name(
    hub: LiveHub, gitbox: OpenBox, ada: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo(private=True)
    box = gitbox(ADA, secret=hub.token(ADA))
    (box.shell.home / "name").write_text("hf_user")
    box.clone(repo)
    box.write("a.txt", "by token")
    sha = box.commit("By token")
    box("push")
    assert ada.model_info(repo).sha == sha


@pytest.mark.covers("clone and push with a token", "private repositories", client="git")
def test_a_read_token_clones_and_does_not_push(hub: LiveHub, gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"}, private=True)
    box = gitbox(ADA, secret=hub.token(ADA, "read"))
    box.clone(repo)
    box.write("b.txt", "b")
    box.commit("Not allowed")
    assert box.try_("push").code != 0


@pytest.mark.covers("clone without .git, datasets and spaces", client="git")
@pytest.mark.parametrize(("repo_type", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
@pytest.mark.parametrize("ending", ["", ".git"])
def test_every_kind_is_cloned_and_pushed(
    gitbox: OpenBox, ada: HfApi, new_repo: NewRepo, repo_type: str, prefix: str, ending: str
) -> None:
    repo = new_repo({"a.txt": "a"}, repo_type=repo_type)
    box = gitbox(ADA)
    box.clone(prefix + repo + ending)
    assert (box.work / "a.txt").read_text() == "a"
    box.write("big.bin", b"\1" * 50_000)
    box.commit("Add weights")
    box("push")
    info = ada.get_paths_info(repo, "big.bin", repo_type=repo_type)[0]
    assert (info.size, info.lfs.size) == (50_000, 50_000)


@pytest.mark.covers("large files through git-lfs", client="git")
def test_what_the_api_stores_git_lfs_fetches_and_the_other_way_round(
    hub: LiveHub, gitbox: OpenBox, new_repo: NewRepo
) -> None:
    repo = new_repo({"api.bin": b"\2" * 40_000})
    box = gitbox(ADA)
    box.clone(repo)
    assert (box.work / "api.bin").read_bytes() == b"\2" * 40_000
    box.write("git.bin", b"\3" * 40_000)
    box.commit("Add by git")
    box("push")
    assert hub.get(f"/{repo}/resolve/main/git.bin") == b"\3" * 40_000


@pytest.mark.covers("large files through git-lfs", client="git")
def test_a_clone_without_the_large_files_fetches_them_when_asked(gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"w.bin": b"\4" * 40_000})
    box = gitbox(ADA)
    box.shell.env["GIT_LFS_SKIP_SMUDGE"] = "1"
    box.clone(repo)
    assert (box.work / "w.bin").read_text().startswith("version https://git-lfs")
    del box.shell.env["GIT_LFS_SKIP_SMUDGE"]
    box("lfs", "pull")
    assert (box.work / "w.bin").read_bytes() == b"\4" * 40_000
    assert "w.bin" in box("lfs", "ls-files")
    box("lfs", "fsck")


@pytest.mark.covers("commits by API and pushes together", client="git")
def test_pulls_bring_commits_of_the_api_and_stale_pushes_are_refused(
    gitbox: OpenBox, ada: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo({"a.txt": "a"})
    box = gitbox(ADA)
    box.clone(repo)
    ada.upload_file(path_or_fileobj=b"web", path_in_repo="web.txt", repo_id=repo)
    box.write("desk.txt", "desk")
    box.commit("From the desk")
    refused = box.try_("push")
    assert refused.code != 0
    assert "fetch first" in refused.text or "non-fast-forward" in refused.text
    box("pull", "--rebase", "--quiet")
    box("push")
    assert {"web.txt", "desk.txt"} <= set(ada.list_repo_files(repo))


@pytest.mark.covers("branches and tags", client="git")
def test_branches_and_tags_go_up_and_come_down(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    box = gitbox(ADA)
    box.clone(repo)
    box("checkout", "--quiet", "-b", "feature/x")
    box.write("f.txt", "f")
    sha = box.commit("Feature")
    box("tag", "v1")
    box("tag", "-a", "v2", "-m", "Annotated")
    box("push", "origin", "feature/x", "--tags")
    refs = ada.list_repo_refs(repo)
    assert {ref.name: ref.target_commit for ref in refs.branches}["feature/x"] == sha
    assert {ref.name for ref in refs.tags} == {"v1", "v2"}
    assert ada.model_info(repo, revision="v2").sha == sha
    ada.create_branch(repo, branch="from-api")
    box("fetch", "--quiet")
    assert "origin/from-api" in box("branch", "-r")
    box("push", "origin", "--delete", "feature/x")
    assert "feature/x" not in {ref.name for ref in ada.list_repo_refs(repo).branches}


@pytest.mark.covers("force push", client="git")
def test_an_amended_commit_is_pushed_by_force(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    box = gitbox(ADA)
    box.clone(repo)
    box("commit", "--amend", "--quiet", "-m", "Another title")
    assert box.try_("push").code != 0
    box("push", "--force")
    assert ada.list_repo_commits(repo)[0].title == "Another title"


@pytest.mark.covers("private repositories", client="git")
def test_a_member_pushes_to_the_organisations_private_repository(
    gitbox: OpenBox, ada: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo({"a.txt": "a"}, owner=LAB, private=True)
    box = gitbox(BOB)
    box.clone(repo)
    box.write("bob.txt", "bob")
    box.commit("From bob")
    box("push")
    assert "bob.txt" in ada.list_repo_files(repo)
