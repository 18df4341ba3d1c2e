"""Which worker answers for a name."""

import pytest
from tests.hubbox import HubBox
from tests.inference.deployments.conftest import administrator, deploy
from tests.people import ADA, EVE, NOBODY
from tests.repowork import commit

from bearhug.base.errors import BadRequest, NotFound, NotReady, RepoNotFound
from bearhug.inference.deployments.planning import pooled
from bearhug.inference.engine.plans import Options

HELLO = [{"role": "user", "content": "hello"}]


def test_a_model_that_nobody_deployed_is_loaded_on_demand(hub: HubBox) -> None:
    plan = hub.app.gateway.plan(hub.actor(ADA), "ada/chat")
    assert (plan.options["engine"], plan.options["precision"]) == ("auto", "int8")
    assert plan.label == "ada/chat"
    assert hub.app.gateway.embedder(hub.actor(ADA), "ada/chat").key.startswith("vectors ada/chat@")


def test_a_deployment_says_how_its_model_runs(hub: HubBox) -> None:
    plain = hub.app.gateway.plan(hub.actor(ADA), "ada/chat")
    deploy(hub, engine="transformers", context=64)
    deploy(hub, name=":fast", cacheTokens=4096)
    named = hub.app.gateway.plan(hub.actor(EVE), "ada/chat")
    fast = hub.app.gateway.plan(hub.actor(EVE), "ada/chat:fast")
    assert (named.options["engine"], named.options["context"], named.label) == ("transformers", 64, "ada/chat")
    assert (fast.options["cache_tokens"], fast.label) == (4096, "ada/chat:fast")
    assert len({plain.key, named.key, fast.key}) == 3


def test_a_deployment_that_differs_in_nothing_shares_the_worker(hub: HubBox) -> None:
    plain = hub.app.gateway.plan(hub.actor(ADA), "ada/chat")
    deploy(hub)
    assert hub.app.gateway.plan(hub.actor(ADA), "ada/chat").key == plain.key


def test_callers_may_ask_for_another_revision(hub: HubBox) -> None:
    head = hub.get(ADA, "/api/models/ada/chat").json()["sha"]
    deploy(hub, context=64)
    plan = hub.app.gateway.plan(hub.actor(ADA), f"ada/chat@{head[:7]}")
    assert plan.options["context"] == 64
    assert head in plan.key


def test_a_stopped_deployment_says_who_can_start_it(hub: HubBox) -> None:
    number = deploy(hub)
    hub.post(ADA, f"/api/deployments/{number}/stop")
    for model in ("ada/chat", "ada/chat@main"):
        with pytest.raises(NotReady, match=r"ada/chat is stopped\. Whoever may write to ada/chat"):
            hub.app.gateway.plan(hub.actor(EVE), model)
    answer = hub.post(EVE, "/v1/chat/completions", json={"model": "ada/chat", "messages": HELLO})
    assert answer.status_code == 503
    assert "is stopped" in answer.json()["error"]["message"]


def test_pickles_are_refused_before_anything_is_loaded(hub: HubBox) -> None:
    commit(hub, "ada/chat", {"pytorch_model.bin": "opcodes"})
    answer = hub.post(EVE, "/v1/chat/completions", json={"model": "ada/chat", "messages": HELLO})
    assert answer.status_code == 422
    assert "are pickles (pytorch_model.bin)" in answer.json()["error"]["message"]


def test_strangers_learn_nothing_of_private_deployments(hub: HubBox) -> None:
    deploy(hub, "ada/secret")
    deploy(hub, "ada/secret", administrator(hub), name="whisper")
    for person in (EVE, NOBODY):
        for model in ("ada/secret", "ada/secret:fast"):
            with pytest.raises(RepoNotFound):
                hub.app.gateway.plan(hub.actor(person), model)
        for model in ("whisper", "nothing"):
            with pytest.raises(NotFound, match="There is no model"):
                hub.app.gateway.plan(hub.actor(person), model)
    assert hub.app.gateway.plan(hub.actor(ADA), "whisper").label == "whisper"


def test_lists_hold_what_may_be_called(hub: HubBox) -> None:
    root = administrator(hub)
    deploy(hub, "ada/secret", name=":fast")
    deploy(hub, "", root, name="elsewhere", engine="remote", url="http://127.0.0.1:9/v1")
    stopped = deploy(hub, "lab/team")
    hub.post(ADA, f"/api/deployments/{stopped}/stop")

    def listed(person: object) -> set[str]:
        return {one["id"] for one in hub.get(person, "/v1/models").json()["data"]}  # type: ignore[arg-type]

    assert listed(ADA) == {"ada/chat", "ada/secret", "ada/secret:fast", "elsewhere"}
    assert listed(EVE) == {"ada/chat", "elsewhere"}
    assert listed(NOBODY) == {"ada/chat"}
    assert hub.get(ADA, "/v1/models/ada/secret:fast").json()["id"] == "ada/secret:fast"
    assert hub.get(ADA, "/v1/models/ada/secret:none").status_code == 404
    assert hub.get(EVE, "/v1/models/elsewhere").json()["id"] == "elsewhere"


def test_another_server_has_no_revisions(hub: HubBox) -> None:
    deploy(hub, "", administrator(hub), name="elsewhere", engine="remote", url="http://127.0.0.1:9/v1", key="sk-1")
    plan = hub.app.gateway.plan(hub.actor(ADA), "elsewhere")
    assert hub.app.gateway.embedder(hub.actor(ADA), "elsewhere") == plan
    assert plan.options["api_key"] == "sk-1"
    assert "sk-1" not in plan.key
    with pytest.raises(BadRequest, match="no revisions"):
        hub.app.gateway.plan(hub.actor(ADA), "elsewhere@v2")


def test_a_deployment_answers_what_it_was_deployed_for(hub: HubBox) -> None:
    deploy(hub, task="feature-extraction")
    deploy(hub, name=":vectors", task="feature-extraction")
    assert hub.app.gateway.plan(hub.actor(ADA), "ada/chat").key.startswith("text ")
    assert hub.app.gateway.embedder(hub.actor(ADA), "ada/chat:vectors").label == "ada/chat:vectors"
    with pytest.raises(BadRequest, match="deployed for feature-extraction"):
        hub.app.gateway.plan(hub.actor(ADA), "ada/chat:vectors")


def test_deploying_adds_one_statement_to_a_call(hub: HubBox) -> None:
    actor = hub.actor(ADA)
    deploy(hub)
    hub.app.gateway.plan(actor, "ada/chat")
    with hub.counting() as statements:
        hub.app.gateway.plan(actor, "ada/chat")
    assert len(statements) <= 8


def test_another_server_makes_vectors_for_a_model_of_the_hub(hub: HubBox) -> None:
    root = administrator(hub)
    deploy(hub, "lab/team", root, engine="remote", url="http://127.0.0.1:9/v1", task="feature-extraction")
    assert hub.app.gateway.embedder(hub.actor(EVE), "lab/team").forwards
    assert hub.app.gateway.plan(hub.actor(EVE), "lab/team").forwards


def test_vllm_is_told_to_make_vectors_unless_its_flags_say_how() -> None:
    assert pooled(Options(engine="vllm", flags=("--seed", "1"))).flags == ("--runner", "pooling", "--seed", "1")
    for flag in ("--runner", "--runner=pooling", "--task", "--convert=embed"):
        assert pooled(Options(engine="vllm", flags=(flag,))).flags == (flag,)
