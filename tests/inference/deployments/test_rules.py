"""Who sees deployments, who steers them, and what they may be."""

from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.inference.deployments.conftest import administrator, deploy
from tests.people import ADA, BOB, EVE, NOBODY

from bearhug.hub.access.records import TokenKind

ELSEWHERE: dict[str, Any] = {"engine": "remote", "url": "http://127.0.0.1:9/v1", "key": "sk-very-secret"}


def test_a_model_is_deployed_under_its_own_name(hub: HubBox) -> None:
    number = deploy(hub, precision="fp32", context=512, keep=True)
    told = hub.get(NOBODY, f"/api/deployments/{number}").json()
    assert (told["name"], told["model"], told["engine"], told["wanted"]) == ("ada/chat", "ada/chat", "auto", "running")
    assert (told["precision"], told["context"], told["keep"], told["state"]) == ("fp32", 512, True, "queued")
    assert (told["createdBy"], told["maySteer"]) == ("ada", False)
    assert "flags" not in told


def test_a_private_models_deployment_looks_like_none_to_strangers(hub: HubBox) -> None:
    number = deploy(hub, "ada/secret")
    for person in (EVE, NOBODY):
        assert hub.get(person, "/api/deployments").json() == []
        for path in ("", "/load", "/logs"):
            hidden = hub.get(person, f"/api/deployments/{number}{path}")
            absent = hub.get(person, f"/api/deployments/{number + 1}{path}")
            assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text) == (404, absent.text)
        for verb in ("start", "stop"):
            assert hub.post(person, f"/api/deployments/{number}/{verb}").status_code == 404
        assert hub.delete(person, f"/api/deployments/{number}").status_code == 404
    assert [one["id"] for one in hub.get(ADA, "/api/deployments").json()] == [number]


def test_readers_see_and_writers_steer(hub: HubBox) -> None:
    number = deploy(hub, "lab/team", BOB)
    assert hub.get(EVE, f"/api/deployments/{number}").json()["maySteer"] is False
    assert hub.post(EVE, f"/api/deployments/{number}/stop").status_code == 403
    assert hub.post(NOBODY, f"/api/deployments/{number}/stop").status_code == 401
    assert hub.get(EVE, f"/api/deployments/{number}/logs").status_code == 403
    assert hub.post(ADA, f"/api/deployments/{number}/stop").json()["state"] == "stopped"
    assert hub.post(BOB, f"/api/deployments/{number}/start").json()["state"] == "idle"
    assert hub.get(BOB, f"/api/deployments/{number}/logs").text == ""
    assert hub.delete(BOB, f"/api/deployments/{number}").status_code == 200
    assert hub.get(BOB, f"/api/deployments/{number}").status_code == 404


def test_tokens_that_only_read_steer_nothing(hub: HubBox) -> None:
    number = deploy(hub)
    reading = {"authorization": f"Bearer {hub.token(ADA, TokenKind.READ)}"}
    stop = hub.http.post(f"/api/deployments/{number}/stop", headers=reading)
    make = hub.http.post("/api/deployments", headers=reading, json={"model": "ada/secret"})
    assert (stop.status_code, make.status_code) == (403, 403)


def test_strangers_deploy_nothing(hub: HubBox) -> None:
    assert hub.post(EVE, "/api/deployments", json={"model": "ada/chat"}).status_code == 403
    assert hub.post(EVE, "/api/deployments", json={"model": "ada/secret"}).status_code == 404
    assert hub.post(NOBODY, "/api/deployments", json={"model": "ada/chat"}).status_code == 401


@pytest.mark.parametrize(
    "more",
    [ELSEWHERE, {"engine": "vllm"}, {"engine": "vllm", "flags": ["--enforce-eager"]}, {"name": "for-all"}],
    ids=["remote", "vllm", "flags", "name"],
)
def test_what_reaches_out_of_the_hub_is_for_administrators(hub: HubBox, more: dict[str, Any]) -> None:
    refused = hub.post(ADA, "/api/deployments", json={"model": "ada/chat", **more})
    assert refused.status_code == 403
    number = deploy(hub, "ada/chat", administrator(hub), **more)
    assert hub.post(ADA, f"/api/deployments/{number}/stop").status_code == 403
    assert hub.post(ADA, f"/api/deployments/{number}/stop").json()["error"].startswith("An administrator")
    own = deploy(hub, "ada/chat", ADA, name=":mine")
    assert hub.ask("PATCH", ADA, f"/api/deployments/{own}", json=more).status_code in (200, 403)
    assert hub.get(ADA, f"/api/deployments/{own}").json()["engine"] == "auto"


def test_the_key_of_another_server_is_never_shown_again(hub: HubBox) -> None:
    root = administrator(hub)
    number = deploy(hub, "", root, name="elsewhere", **ELSEWHERE)
    told = hub.get(root, f"/api/deployments/{number}")
    assert "very-secret" not in told.text
    assert (told.json()["hasKey"], told.json()["url"]) == (True, ELSEWHERE["url"])
    assert "url" not in hub.get(EVE, f"/api/deployments/{number}").json()
    changed = hub.ask("PATCH", root, f"/api/deployments/{number}", json={"remoteModel": "other"})
    assert changed.json()["hasKey"] is True
    assert hub.app.deployments.get(hub.actor(ADA), number).options.api_key == "sk-very-secret"
    moved = hub.ask("PATCH", root, f"/api/deployments/{number}", json={"url": "http://127.0.0.1:8/v1"})
    assert moved.json()["hasKey"] is False  # a key does not follow to another address


def test_servers_without_a_model_are_for_people_who_signed_in(hub: HubBox) -> None:
    number = deploy(hub, "", administrator(hub), name="elsewhere", **ELSEWHERE)
    assert hub.get(EVE, f"/api/deployments/{number}").status_code == 200
    assert hub.get(NOBODY, f"/api/deployments/{number}").status_code == 404


def test_a_name_is_given_once(hub: HubBox) -> None:
    deploy(hub)
    assert hub.post(ADA, "/api/deployments", json={"model": "ada/chat"}).status_code == 409
    deploy(hub, name=":fast")
    assert hub.post(ADA, "/api/deployments", json={"model": "ada/chat", "name": "ada/chat:fast"}).status_code == 409
    assert deploy(hub, "ada/secret", name=":fast")


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "ada/other"},
        {"name": ":a b"},
        {"name": ":" + "x" * 200},
        {"revision": "x" * 400},
        {"revision": "x" * 280},
        {"engine": "warp"},
        {"precision": "int1"},
        {"context": 3},
        {"context": True},
        {"cacheTokens": "many"},
        {"flags": ["--x"], "engine": "openvino"},
        {"flags": "--x"},
        {"url": "http://x/v1"},
        {"task": "cooking"},
        {"task": "feature-extraction", "engine": "openvino"},
        {"keep": "yes"},
        {"model": "no-slash"},
        {"model": ""},
        {"model": 3},
    ],
)
def test_what_cannot_be_is_refused(hub: HubBox, asked: dict[str, Any]) -> None:
    answer = hub.post(ADA, "/api/deployments", json={"model": "ada/chat", **asked})
    assert answer.status_code == 400, answer.text


def test_there_is_an_end_to_the_deployments_of_a_model(hub: HubBox) -> None:
    for at in range(20):
        deploy(hub, name=f":n{at}")
    assert hub.post(ADA, "/api/deployments", json={"model": "ada/chat"}).status_code == 409


def test_deployments_follow_their_model(hub: HubBox) -> None:
    number = deploy(hub, name=":fast")
    moved = hub.post(ADA, "/api/repos/move", json={"fromRepo": "ada/chat", "toRepo": "ada/talk", "type": "model"})
    assert moved.status_code == 200
    assert hub.get(ADA, f"/api/deployments/{number}").json()["name"] == "ada/talk:fast"
    hub.ask("DELETE", ADA, "/api/repos/delete", json={"name": "talk", "type": "model"})
    assert hub.get(ADA, f"/api/deployments/{number}").status_code == 404


@pytest.mark.parametrize("text", ["0", "-1", "x", "9" * 30, "²", "1e3"])
def test_odd_numbers_are_no_deployments(hub: HubBox, text: str) -> None:
    assert hub.get(ADA, f"/api/deployments/{text}").status_code == 404


def test_a_list_takes_few_statements(hub: HubBox) -> None:
    for at in range(6):
        deploy(hub, name=f":n{at}")
    with hub.counting() as statements:
        assert len(hub.get(ADA, "/api/deployments").json()) == 6
    assert len(statements) <= 4
    assert len(hub.get(ADA, "/api/deployments?model=ada/chat").json()) == 6
    assert hub.get(ADA, "/api/deployments?model=ada/secret").json() == []
