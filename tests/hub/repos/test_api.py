"""Creating, finding, moving, configuring and deleting repositories by HTTP."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person

from bearhug.hub.access.records import TokenKind


def create(box: HubBox, person: Person, name: str = "m", **more: object) -> dict[str, str]:
    answer = box.post(person, "/api/repos/create", json={"name": name, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def check(box: HubBox, person: Person, path: str = "models/ada/m") -> tuple[int, str | None]:
    answer = box.get(person, f"/api/{path}/auth-check")
    return answer.status_code, answer.headers.get("x-error-code")


@pytest.mark.parametrize(("kind", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
def test_every_kind_is_created_with_its_first_commit(box: HubBox, kind: str, prefix: str) -> None:
    made = create(box, ADA, type=kind, sdk="gradio")
    assert made["url"] == f"http://hub.test/{prefix}ada/m"
    with box.app.db.reading() as tx:
        repo = next(iter(box.app.repos.walk()))
        assert tx is not None
    reading = box.app.git.read(repo.folder)
    assert [commit.title for commit in reading.log(repo.head)] == ["initial commit"]
    assert b"*.safetensors filter=lfs" in (reading.file(repo.head, ".gitattributes", limit=10_000) or b"")


def test_creating_what_exists_tells_its_address(box: HubBox) -> None:
    create(box, ADA)
    answer = box.post(ADA, "/api/repos/create", json={"name": "M"})
    assert answer.status_code == 409
    assert answer.json()["url"] == "http://hub.test/ada/m"


def test_a_hidden_name_is_taken_without_saying_by_what(box: HubBox) -> None:
    create(box, ADA, "d", organization="lab", private=True)
    answer = box.post(EVE, "/api/repos/create", json={"name": "d", "organization": "lab"})
    assert answer.status_code == 403
    assert "url" not in answer.json()


@pytest.mark.parametrize("name", ["", ".", "a..b", "-a", "a-", "a--b", "x" * 97, "a b", "ä", "a.git", "a/b/c", "a\0b"])
def test_bad_names_are_refused_with_the_rule(box: HubBox, name: str) -> None:
    answer = box.post(ADA, "/api/repos/create", json={"name": name})
    assert answer.status_code in (400, 403)
    assert len(answer.json()["error"]) > 20


@pytest.mark.parametrize(
    ("person", "owner", "status"),
    [(ADA, "lab", 200), (BOB, "lab", 200), (EVE, "lab", 403), (EVE, "ada", 403), (ADA, "nowhere", 403)],
)
def test_who_may_create_in_a_namespace(box: HubBox, person: Person, owner: str, status: int) -> None:
    answer = box.post(person, "/api/repos/create", json={"name": "x", "organization": owner})
    assert answer.status_code == status


def test_anonymous_people_and_read_tokens_create_nothing(box: HubBox) -> None:
    assert box.post(NOBODY, "/api/repos/create", json={"name": "x"}).status_code in (401, 403)
    token = box.token(ADA, TokenKind.READ)
    answer = box.post(NOBODY, "/api/repos/create", json={"name": "x"}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_what_is_neither_private_nor_public_makes_nothing(box: HubBox) -> None:
    for more in ({"private": "yes"}, {"private": 2}, {"private": []}, {"visibility": "hidden"}):
        assert box.post(ADA, "/api/repos/create", json={"name": "m", **more}).status_code == 400
    create(box, ADA, private="True")
    assert check(box, EVE) == (404, "RepoNotFound")


def test_a_private_repository_looks_like_none_to_strangers(box: HubBox) -> None:
    create(box, ADA, visibility="private")
    assert check(box, ADA) == (200, None)
    assert check(box, EVE) == check(box, EVE, "models/ada/never-was") == (404, "RepoNotFound")
    assert check(box, NOBODY) == check(box, NOBODY, "models/ada/never-was") == (401, "RepoNotFound")
    hidden, absent = box.get(EVE, "/api/models/ada/m/auth-check"), box.get(EVE, "/api/models/ada/never-was/auth-check")
    assert hidden.text == absent.text


def test_a_gated_repository_is_known_but_shut(box: HubBox) -> None:
    create(box, ADA)
    assert box.put(ADA, "/api/models/ada/m/settings", json={"gated": "auto"}).json()["gated"] == "auto"
    assert check(box, EVE) == (403, "GatedRepo")
    assert check(box, NOBODY) == (401, "GatedRepo")
    assert check(box, ADA) == (200, None)
    box.put(ADA, "/api/models/ada/m/settings", json={"gated": False})
    assert check(box, EVE) == (200, None)


def test_a_disabled_repository_says_so(box: HubBox) -> None:
    create(box, ADA)
    box.app.accounts.make_admin("bob")
    assert box.put(BOB, "/api/models/ada/m/settings", json={"disabled": True}).status_code == 200
    answer = box.get(ADA, "/api/models/ada/m/auth-check")
    assert answer.status_code == 403
    assert answer.headers["x-error-message"] == "Access to this resource is disabled."


def test_a_renamed_repository_is_found_under_both_names(box: HubBox) -> None:
    create(box, ADA)
    moved = box.post(ADA, "/api/repos/move", json={"fromRepo": "ada/m", "toRepo": "lab/better", "type": "model"})
    assert moved.json()["url"] == "http://hub.test/lab/better"
    answer = box.get(ADA, "/api/models/ada/m/auth-check?x=1")
    assert (answer.status_code, answer.headers["location"]) == (307, "/api/models/lab/better/auth-check?x=1")


def test_an_old_name_of_a_hidden_repository_leads_nowhere_for_strangers(box: HubBox) -> None:
    create(box, ADA, private=True)
    box.post(ADA, "/api/repos/move", json={"fromRepo": "ada/m", "toRepo": "ada/secret", "type": "model"})
    assert check(box, EVE) == (404, "RepoNotFound")


def test_a_new_repository_takes_an_old_name_over(box: HubBox) -> None:
    create(box, ADA)
    box.post(ADA, "/api/repos/move", json={"fromRepo": "ada/m", "toRepo": "ada/n", "type": "model"})
    create(box, ADA)
    assert check(box, ADA) == (200, None)


def test_moving_onto_a_taken_name_is_refused(box: HubBox) -> None:
    create(box, ADA)
    create(box, ADA, "n")
    answer = box.post(ADA, "/api/repos/move", json={"fromRepo": "ada/m", "toRepo": "ada/n", "type": "model"})
    assert answer.status_code == 409
    assert answer.json()["error"] == "A model repository called ada/n already exists"


def test_deleting_takes_the_folder_too(box: HubBox) -> None:
    create(box, ADA)
    folder = next(iter(box.app.repos.walk())).folder
    assert box.ask("DELETE", EVE, "/api/repos/delete", json={"name": "m", "organization": "ada"}).status_code == 403
    assert box.ask("DELETE", ADA, "/api/repos/delete", json={"name": "m"}).status_code == 200
    assert check(box, ADA) == (404, "RepoNotFound")
    assert not box.app.git.path(folder).exists()
    assert box.ask("DELETE", ADA, "/api/repos/delete", json={"name": "m"}).status_code == 404


def test_opening_a_repository_takes_one_statement(box: HubBox) -> None:
    create(box, ADA)
    box.get(ADA, "/api/models/ada/m/auth-check")
    with box.counting() as statements:
        box.get(ADA, "/api/models/ada/m/auth-check")
    assert len(statements) <= 3


def test_owners_list_their_repositories_page_by_page(box: HubBox) -> None:
    for number in range(3):
        create(box, ADA, f"m{number}")
    first = box.get(ADA, "/api/settings/repositories?limit=2")
    assert [row["id"] for row in first.json()] == ["ada/m0", "ada/m1"]
    following = first.headers["link"].split(">")[0].strip("<")
    assert [row["id"] for row in box.get(ADA, following).json()] == ["ada/m2"]
    assert box.get(NOBODY, "/api/settings/repositories").status_code == 401
