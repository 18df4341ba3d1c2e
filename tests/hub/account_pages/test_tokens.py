"""The pages of access tokens."""

import re
from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in
from tests.repowork import make

FINE = {"name": "ci", "kind": "fineGrained", "life": "30"}


def secret_in(page: str) -> str:
    found = re.search(r"hf_\w+", page)
    assert found is not None
    return found[0]


def number_in(page: str) -> str:
    found = re.search(r'name="id" value="(\d+)"', page)
    assert found is not None
    return found[1]


def whoami(box: HubBox, secret: str) -> Any:
    return box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {secret}"})


def test_a_token_is_shown_once_and_works_until_it_is_revoked(box: HubBox) -> None:
    assert look(box, "/settings/tokens").status_code == 303
    sign_in(box, ADA)
    page = box.http.post("/settings/tokens", data={"name": "laptop", "kind": "write", "life": "30"})
    assert page.headers["cache-control"] == "no-store"
    secret = secret_in(page.text)
    listed = look(box, "/settings/tokens", "zh").text
    assert "laptop" in listed
    assert secret not in listed
    assert whoami(box, secret).json()["name"] == "ada"
    assert box.http.post("/settings/tokens/revoke", data={"id": number_in(listed)}).status_code == 303
    assert whoami(box, secret).status_code == 401


def test_a_token_is_renewed_in_its_place(box: HubBox) -> None:
    sign_in(box, ADA)
    old = secret_in(box.http.post("/settings/tokens", data={"name": "x", "kind": "read", "life": ""}).text)
    page = box.http.post("/settings/tokens/rotate", data={"id": number_in(look(box, "/settings/tokens").text)})
    new = secret_in(page.text)
    assert (whoami(box, old).status_code, whoami(box, new).status_code) == (401, 200)


def test_a_fine_grained_token_may_what_was_ticked(box: HubBox) -> None:
    make(box, "data", "dataset")
    sign_in(box, ADA)
    form = look(box, "/settings/tokens/new").text
    assert 'value="datasets/ada/data"' in form
    sent = {
        **FINE,
        "own": ["user.tokens.read"],
        "orgs": ["lab"],
        "on_orgs": ["repo.content.read", "org.write"],
        "picked": ["datasets/ada/data"],
        "repos": "lab/one\r\nspaces/lab/two\r\nlab/ONE",
        "on_repos": ["repo.content.write"],
        "everywhere": ["discussion.write"],
        "reads_gated": "1",
    }
    page = box.http.post("/settings/tokens", data=sent)
    assert page.status_code == 200
    shown = whoami(box, secret_in(page.text)).json()["auth"]["accessToken"]["fineGrained"]
    assert (shown["global"], shown["canReadGatedRepos"]) == (["discussion.write"], True)
    scopes = {(one["entity"]["type"], one["entity"]["name"]): one["permissions"] for one in shown["scoped"]}
    assert scopes == {
        ("user", "ada"): ["user.tokens.read"],
        ("org", "lab"): ["org.write", "repo.content.read"],
        ("dataset", "ada/data"): ["repo.content.write"],
        ("model", "lab/one"): ["repo.content.write"],
        ("space", "lab/two"): ["repo.content.write"],
    }
    assert "lab/two" in look(box, "/settings/tokens", "zh").text


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"orgs": ["lab"]},
        {"own": ["root"]},
        {"own": ["org.write"]},
        {"repos": "nothing", "on_repos": ["repo.write"]},
        {"repos": '"><script>/x', "on_repos": ["x"]},
        {"repos": "a/b\n" * 5000, "orgs": ["lab"]},
        {"repos": "\n".join(f"a/b{number}" for number in range(300)), "on_repos": ["repo.write"]},
    ],
)
def test_a_fine_grained_token_of_nothing_is_not_made(box: HubBox, wrong: dict[str, Any]) -> None:
    sign_in(box, ADA)
    answer = box.http.post("/settings/tokens", data={**FINE, **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="ci"' in answer.text
    assert "<script>/x" not in answer.text


def test_an_address_fills_the_form_in(box: HubBox) -> None:
    sign_in(box, ADA)
    query = (
        "tokenType=fineGrained&ownUserPermissions=repo.write&globalPermissions=discussion.write&canReadGatedRepos=true"
    )
    page = look(box, f"/settings/tokens/new?{query}").text
    assert page.count(" checked") == 4


def test_a_token_without_a_name_is_not_made(box: HubBox) -> None:
    sign_in(box, ADA)
    assert box.http.post("/settings/tokens", data={"name": " ", "kind": "read", "life": ""}).status_code == 400
    assert box.http.post("/settings/tokens", data={"name": "x", "kind": "root", "life": ""}).status_code == 400
    assert box.http.post("/settings/tokens/revoke", data={"id": "x"}).status_code == 404
