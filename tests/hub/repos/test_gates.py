"""Gated repositories: their own people read them with any token that may, others ask first."""

from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person

from bearhug.hub.access.records import TokenKind
from bearhug.hub.tokens.wire import new_token

READS_ADA = {"scoped": [{"entity": {"type": "user", "name": "ada"}, "permissions": ["repo.content.read"]}]}


@pytest.fixture
def gated(box: HubBox) -> HubBox:
    """ada/shy and lab/shy, public and gated."""
    for owner in ("ada", "lab"):
        assert box.post(ADA, "/api/repos/create", json={"name": "shy", "organization": owner}).status_code == 200
        assert box.put(ADA, f"/api/models/{owner}/shy/settings", json={"gated": "auto"}).status_code == 200
    return box


def status(box: HubBox, owner: str, secret: str) -> tuple[int, str | None]:
    headers = {"authorization": f"Bearer {secret}"}
    answer = box.get(NOBODY, f"/{owner}/shy/resolve/main/.gitattributes", headers=headers)
    return answer.status_code, answer.headers.get("x-error-code")


def fine(box: HubBox, person: Person, **rights: Any) -> str:
    wanted = {"displayName": "fine", "role": "fineGrained", "fineGrained": rights}
    _, secret = box.app.tokens.create(box.actor(person), new_token(wanted))
    return secret


def test_owners_and_members_read_with_a_read_token(gated: HubBox) -> None:
    assert status(gated, "ada", gated.token(ADA, TokenKind.READ)) == (200, None)
    assert status(gated, "lab", gated.token(BOB, TokenKind.READ)) == (200, None)


def test_strangers_are_told_that_it_is_gated(gated: HubBox) -> None:
    assert status(gated, "ada", gated.token(EVE)) == (403, "GatedRepo")
    anonymous = gated.get(NOBODY, "/ada/shy/resolve/main/.gitattributes")
    assert (anonymous.status_code, anonymous.headers["x-error-code"]) == (401, "GatedRepo")


def test_a_fine_grained_token_passes_the_gate_only_where_it_was_made_for_it(gated: HubBox) -> None:
    assert status(gated, "ada", fine(gated, ADA, **READS_ADA)) == (200, None)
    assert status(gated, "lab", fine(gated, ADA, **READS_ADA)) == (403, "GatedRepo")
    assert status(gated, "lab", fine(gated, ADA, **READS_ADA, canReadGatedRepos=True)) == (200, None)
    assert status(gated, "ada", fine(gated, EVE, canReadGatedRepos=True)) == (403, "GatedRepo")


def test_names_without_an_owner_are_not_found(box: HubBox) -> None:
    for path in ("/api/models/gpt2", "/gpt2/resolve/main/config.json", "/api/datasets/squad/revision/main"):
        answer = box.get(ADA, path)
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RepoNotFound")
        assert "has no owner" in answer.json()["error"]
        assert box.get(NOBODY, path).status_code == 401
