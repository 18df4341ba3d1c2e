"""Moving, duplicating and changing the settings of repositories."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
)
from tests.oracle import NewRepo, add_files
from tests.people import LAB

pytestmark = pytest.mark.client


@pytest.mark.covers("move_repo", "renamed repositories", client="huggingface_hub")
def test_a_moved_repository_answers_under_its_old_name(ada: HfApi, new_repo: NewRepo) -> None:
    old = new_repo({"config.json": "{}"})
    ada.move_repo(old, old + "-renamed")
    assert ada.model_info(old).id == old + "-renamed"
    assert ada.list_repo_files(old) == [".gitattributes", "config.json"]
    assert Path(ada.hf_hub_download(old, "config.json")).read_text() == "{}"


@pytest.mark.covers("renamed repositories", client="huggingface_hub")
def test_writing_under_the_old_name_reaches_the_moved_repository(ada: HfApi, new_repo: NewRepo) -> None:
    old = new_repo(repo_type="dataset")
    ada.move_repo(old, old + "-renamed", repo_type="dataset")
    add_files(ada, old, {"data.csv": "a,b\n1,2\n"}, repo_type="dataset")
    assert "data.csv" in ada.list_repo_files(old + "-renamed", repo_type="dataset")


@pytest.mark.covers("move_repo", client="huggingface_hub")
def test_a_repository_moves_into_an_organisation(ada: HfApi, bob: HfApi, new_repo: NewRepo) -> None:
    old = new_repo({"a.txt": "a"}, private=True)
    target = old.replace("ada/", f"{LAB}/")
    ada.move_repo(old, target)
    assert bob.model_info(target).private is True


@pytest.mark.covers("move_repo", "error classes", client="huggingface_hub")
def test_a_repository_cannot_move_onto_another(ada: HfApi, new_repo: NewRepo) -> None:
    one, other = new_repo(), new_repo()
    with pytest.raises(HfHubHTTPError, match=f"A model repository called {other} already exists"):
        ada.move_repo(one, other)


@pytest.mark.covers("move_repo", "error classes", client="huggingface_hub")
def test_a_stranger_moves_nothing(eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    with pytest.raises(HfHubHTTPError) as caught:
        eve.move_repo(repo, "eve/stolen")
    assert caught.value.response.status_code == 403


@pytest.mark.covers("move_repo", "renamed repositories", client="huggingface_hub")
def test_a_name_that_was_left_can_be_taken_anew(ada: HfApi, new_repo: NewRepo) -> None:
    old = new_repo({"one.txt": "1"})
    ada.move_repo(old, old + "-renamed")
    ada.create_repo(old)
    assert ada.model_info(old).id == old
    assert ada.list_repo_files(old) == [".gitattributes"]


@pytest.mark.covers("renamed repositories", "error classes", client="huggingface_hub")
def test_an_old_name_does_not_give_a_private_repository_away(
    ada: HfApi, eve: HfApi, nobody: HfApi, new_repo: NewRepo
) -> None:
    old = new_repo({"a.txt": "a"}, private=True)
    ada.move_repo(old, old + "-renamed")
    for api in (eve, nobody):
        with pytest.raises(RepositoryNotFoundError) as caught:
            api.model_info(old)
        assert "renamed" not in str(caught.value)


@pytest.mark.covers("update_repo_settings", client="huggingface_hub")
def test_a_repository_is_made_private_and_public_again(ada: HfApi, eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.update_repo_settings(repo, private=True)
    assert not eve.repo_exists(repo)
    ada.update_repo_settings(repo, visibility="public")
    assert eve.repo_exists(repo)


@pytest.mark.covers("update_repo_settings", "error classes", client="huggingface_hub")
def test_a_gated_repository_shows_itself_but_not_its_files(
    ada: HfApi, eve: HfApi, nobody: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo({"config.json": "{}"})
    ada.update_repo_settings(repo, gated="manual")
    assert nobody.model_info(repo).gated == "manual"
    for api, status in ((nobody, 401), (eve, 403)):
        with pytest.raises(GatedRepoError) as caught:
            api.hf_hub_download(repo, "config.json")
        assert caught.value.response.status_code == status
    assert ada.hf_hub_download(repo, "config.json")


@pytest.mark.covers("update_repo_settings", "error classes", client="huggingface_hub")
def test_only_who_may_change_it_changes_the_settings(ada_reads: HfApi, eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    for api in (ada_reads, eve):
        with pytest.raises(HfHubHTTPError) as caught:
            api.update_repo_settings(repo, private=True)
        assert caught.value.response.status_code == 403


@pytest.mark.covers("duplicate_repo", client="huggingface_hub")
def test_a_duplicate_holds_the_same_files(ada: HfApi, eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a/b.txt": "deep", "weights.bin": b"\0" * 4096})
    url = eve.duplicate_repo(repo, "eve/copy-of-adas", private=True)
    assert url.repo_id == "eve/copy-of-adas"
    assert set(eve.list_repo_files("eve/copy-of-adas")) == {".gitattributes", "a/b.txt", "weights.bin"}
    assert eve.model_info("eve/copy-of-adas").private is True
    assert Path(eve.hf_hub_download("eve/copy-of-adas", "weights.bin")).read_bytes() == b"\0" * 4096


@pytest.mark.covers("duplicate_repo", "error classes", client="huggingface_hub")
def test_what_one_cannot_see_one_cannot_duplicate(eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"}, private=True)
    with pytest.raises(RepositoryNotFoundError):
        eve.duplicate_repo(repo, "eve/copied-in-the-dark")
    assert not eve.repo_exists("eve/copied-in-the-dark")
