"""Accounts as huggingface_hub sees them: who am I, people, organisations, avatars."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import get_session
from tests.live_hub import LiveHub
from tests.people import ADA, LAB

pytestmark = pytest.mark.client


@pytest.mark.covers("whoami", client="huggingface_hub")
def test_whoami_names_the_person_and_their_organisations(ada: HfApi) -> None:
    me = ada.whoami()
    assert (me["name"], me["type"], me["fullname"]) == ("ada", "user", ADA.fullname)
    assert [org["name"] for org in me["orgs"]] == [LAB]
    assert me["auth"]["accessToken"]["role"] == "write"


@pytest.mark.covers("whoami", client="huggingface_hub")
def test_whoami_tells_a_read_token_from_a_write_token(ada_reads: HfApi) -> None:
    assert ada_reads.whoami()["auth"]["accessToken"]["role"] == "read"


@pytest.mark.covers("whoami", "error classes", client="huggingface_hub")
def test_whoami_refuses_a_token_that_was_never_given_out(impostor: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid user token") as caught:
        impostor.whoami()
    assert caught.value.response.status_code == 401


@pytest.mark.covers("get_user_overview", client="huggingface_hub")
def test_anybody_can_look_at_a_persons_overview(nobody: HfApi) -> None:
    overview = nobody.get_user_overview("ada")
    assert (overview.username, overview.fullname, overview.user_type) == ("ada", ADA.fullname, "user")
    assert [org.name for org in overview.orgs] == [LAB]


@pytest.mark.covers("get_user_overview", client="huggingface_hub")
def test_the_overview_counts_only_what_the_asker_may_see(hub: LiveHub, ada: HfApi, nobody: HfApi) -> None:
    hub.command("user", "add", "counted", "--password", "counting to three 3")
    mine = HfApi(token=hub.command("token", "create", "counted", "--role", "write").split()[-1])
    for number, private in enumerate([False, False, True]):
        mine.create_repo(f"counted/model-{number}", private=private)
    mine.create_repo("counted/data", repo_type="dataset")
    assert mine.get_user_overview("counted").num_models == 3
    seen = nobody.get_user_overview("counted")
    assert (seen.num_models, seen.num_datasets, seen.num_spaces) == (2, 1, 0)


@pytest.mark.covers("get_user_overview", "error classes", client="huggingface_hub")
def test_an_unknown_person_is_a_404(nobody: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        nobody.get_user_overview("nobody-of-that-name")
    assert caught.value.response.status_code == 404


@pytest.mark.covers("get_organization_overview", client="huggingface_hub")
def test_anybody_can_look_at_an_organisations_overview(nobody: HfApi) -> None:
    overview = nobody.get_organization_overview(LAB)
    assert overview.name == LAB
    assert overview.num_users == 2


@pytest.mark.covers("list_organization_members", client="huggingface_hub")
def test_members_of_an_organisation_are_listed(ada: HfApi) -> None:
    assert {member.username for member in ada.list_organization_members(LAB)} == {"ada", "bob"}


@pytest.mark.covers("get_user_overview", client="huggingface_hub")
def test_everybody_has_an_avatar(hub: LiveHub, nobody: HfApi) -> None:
    url = nobody.get_user_overview("bob").avatar_url
    assert url.startswith((hub.url, "/"))
    assert hub.get(url.removeprefix(hub.url))


@pytest.mark.covers("list_user_repos", client="huggingface_hub")
def test_a_person_lists_all_of_their_repositories_with_storage(hub: LiveHub) -> None:
    hub.command("user", "add", "hoarder", "--password", "keeps it all 4 ever")
    api = HfApi(token=hub.command("token", "create", "hoarder", "--role", "write").split()[-1])
    api.create_repo("hoarder/open-model")
    api.create_repo("hoarder/shut-data", repo_type="dataset", private=True)
    found = {repo.id: (repo.type, repo.visibility) for repo in api.list_user_repos()}
    assert found == {"hoarder/open-model": ("model", "public"), "hoarder/shut-data": ("dataset", "private")}


@pytest.mark.covers("list_user_repos", client="huggingface_hub")
def test_a_member_lists_the_repositories_of_the_organisation(ada: HfApi, bob: HfApi, name: str) -> None:
    repo = name.replace("ada/", f"{LAB}/")
    ada.create_repo(repo, private=True)
    assert repo in {found.id for found in bob.list_user_repos(LAB)}


@pytest.mark.covers(
    "list_user_followers", "list_user_following", "list_organization_followers", client="huggingface_hub"
)
def test_who_follows_whom_is_listed(hub: LiveHub, ada: HfApi, nobody: HfApi) -> None:
    hub.command("user", "add", "follower", "--password", "one who follows 1")
    token = hub.command("token", "create", "follower", "--role", "write").split()[-1]
    for path in ("users/ada", f"organizations/{LAB}"):
        answer = get_session().post(f"{hub.url}/api/{path}/follow", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    assert [user.username for user in nobody.list_user_following("follower")] == ["ada"]
    assert "follower" in [user.username for user in nobody.list_user_followers("ada")]
    assert [user.username for user in ada.list_organization_followers(LAB)] == ["follower"]


@pytest.mark.covers("get_full_repo_name", client="huggingface_hub")
def test_a_bare_name_is_completed_by_whom_the_token_belongs_to(ada: HfApi) -> None:
    assert ada.get_full_repo_name("model") == "ada/model"
    assert ada.get_full_repo_name("model", organization=LAB) == f"{LAB}/model"
