"""References as clients ask for them."""

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person

from bearhug.hub.repos.service import NewRepo

MODEL = "/api/models/ada/model"


def branches(box: HubBox) -> list[str]:
    return [ref["name"] for ref in box.get(ADA, f"{MODEL}/refs").json()["branches"]]


def test_references_are_listed_with_their_commits(box: HubBox, shop: Workshop) -> None:
    pull = shop.commit({"b.txt": "b"}, ref="refs/pr/1")
    answer = box.get(NOBODY, f"{MODEL}/refs?include_prs=1").json()
    assert answer == {
        "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": shop.tip()}],
        "converts": [],
        "tags": [],
        "pullRequests": [{"name": "1", "ref": "refs/pr/1", "targetCommit": pull}],
    }
    assert "pullRequests" not in box.get(NOBODY, f"{MODEL}/refs").json()


@pytest.mark.parametrize("written", ["feat%2Fx", "feat/x"])
def test_a_branch_is_made_and_deleted_however_its_slash_is_written(box: HubBox, shop: Workshop, written: str) -> None:
    assert box.post(ADA, f"{MODEL}/branch/{written}", json={}).status_code == 200
    assert branches(box) == ["main", "feat/x"]
    assert shop.tip("refs/heads/feat/x") == shop.tip()
    assert box.delete(ADA, f"{MODEL}/branch/{written}").status_code == 200
    assert branches(box) == ["main"]


def test_a_branch_may_be_made_without_a_body(box: HubBox, shop: Workshop) -> None:
    assert box.post(ADA, f"{MODEL}/branch/dev").status_code == 200
    assert box.post(ADA, f"{MODEL}/branch/dev").status_code == 409
    assert box.post(ADA, f"{MODEL}/branch/dev", json={"overwrite": True}).status_code == 200
    assert shop.tip("refs/heads/dev") == shop.tip()


def test_an_empty_branch_is_made_as_javascript_asks_for_it(box: HubBox, shop: Workshop) -> None:
    assert box.post(ADA, f"{MODEL}/branch/fresh", json={"emptyBranch": True}).status_code == 200
    assert shop.run("ls-tree", "fresh") == ""


@pytest.mark.parametrize("name", ["refs%2Fpr%2F5", "refs%2Ffoo%2Fbar", "a..b", "", "a%00b", "%FF"])
def test_bad_names_of_branches_are_bad_requests(box: HubBox, shop: Workshop, name: str) -> None:
    assert box.post(ADA, f"{MODEL}/branch/{name}", json={}).status_code == 400
    assert branches(box) == ["main"]


@pytest.mark.parametrize(
    "body", [{"startingPoint": 1}, {"overwrite": "yes"}, {"emptyBranch": 1}, {"startingPoint": ["main"]}]
)
def test_bad_bodies_are_bad_requests(box: HubBox, shop: Workshop, body: dict[str, object]) -> None:
    assert box.post(ADA, f"{MODEL}/branch/dev", json=body).status_code == 400


def test_what_cannot_be_deleted_says_why(box: HubBox, shop: Workshop) -> None:
    answer = box.delete(ADA, f"{MODEL}/branch/main")
    assert answer.status_code == 403
    assert "Cannot delete refs/heads/main" in answer.headers["x-error-message"]
    answer = box.delete(ADA, f"{MODEL}/branch/gone")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")


def test_a_tag_is_made_at_any_revision_and_deleted(box: HubBox, shop: Workshop) -> None:
    pull = shop.commit({"b.txt": "b"}, ref="refs/pr/1")
    assert box.post(ADA, f"{MODEL}/tag/refs%2Fpr%2F1", json={"tag": "v1", "message": "One"}).status_code == 200
    assert box.post(ADA, f"{MODEL}/tag/{pull[:9]}", json={"tag": "v2"}).status_code == 200
    tags = box.get(ADA, f"{MODEL}/refs").json()["tags"]
    assert [(tag["name"], tag["targetCommit"]) for tag in tags] == [("v1", pull), ("v2", pull)]
    assert box.delete(ADA, f"{MODEL}/tag/v1").status_code == 200
    assert box.delete(ADA, f"{MODEL}/tag/v1").headers["x-error-code"] == "RevisionNotFound"


def test_a_tag_without_a_name_or_a_good_revision_is_refused(box: HubBox, shop: Workshop) -> None:
    assert box.post(ADA, f"{MODEL}/tag/main", json={}).status_code == 400
    assert box.post(ADA, f"{MODEL}/tag/main", json={"tag": "a..b"}).status_code == 400
    answer = box.post(ADA, f"{MODEL}/tag/gone", json={"tag": "v1"})
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")


@pytest.mark.parametrize("written", ["refs%2Fpr%2F1", "refs/pr/1"])
def test_a_pull_request_is_squashed(box: HubBox, shop: Workshop, written: str) -> None:
    shop.commit({"b.txt": "b"}, ref="refs/pr/1")
    shop.commit({"b.txt": "c"}, ref="refs/pr/1")
    answer = box.post(ADA, f"{MODEL}/super-squash/{written}", json={"message": "All in one"})
    assert answer.status_code == 200
    assert answer.json()["commitOid"] == shop.tip("refs/pr/1")
    assert shop.run("log", "--format=%s", "refs/pr/1").splitlines() == ["All in one"]


WRITES = (
    ("POST", "branch/dev", {}),
    ("DELETE", "branch/dev", None),
    ("POST", "tag/main", {"tag": "v1"}),
    ("DELETE", "tag/v1", None),
    ("POST", "super-squash/main", {"message": "One"}),
)


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize(("person", "status"), [(EVE, 403), (NOBODY, 403), (BOB, 403)])
def test_strangers_change_nothing(
    box: HubBox, shop: Workshop, person: Person, status: int, method: str, path: str, body: dict[str, str] | None
) -> None:
    before = shop.run("for-each-ref")
    answer = box.ask(method, person, f"{MODEL}/{path}", json=body)
    assert answer.status_code in (status, 401)
    assert shop.run("for-each-ref") == before


@pytest.mark.parametrize(("method", "path", "body"), [("GET", "refs", None), *WRITES])
@pytest.mark.parametrize(("person", "status"), [(EVE, 404), (NOBODY, 401)])
def test_a_private_repository_is_not_there_for_strangers(
    box: HubBox, person: Person, status: int, method: str, path: str, body: dict[str, str] | None
) -> None:
    box.app.repos.create(box.actor(ADA), NewRepo("model", "secret", private=True))
    answer = box.ask(method, person, f"/api/models/ada/secret/{path}", json=body)
    assert (answer.status_code, answer.headers["x-error-code"]) == (status, "RepoNotFound")
