"""Asking models over HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.inference.workers.records import Limits

Make = Callable[[str], Path]
BAD = "the film is not good"


def publish(box: HubBox, folder: Path, name: str = "m", *, card: str = "", **more: Any) -> str:
    """A folder becomes a model of ada's: weights by LFS, the rest as files."""
    repo = make(box, name, **more)
    operations = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        if path.suffix in (".safetensors", ".bin"):
            upload(box, repo, data)
            operations.append(large(path.name, data))
        else:
            operations.append(add(path.name, data))
    operations.append(add("README.md", f"---\n{card}\n---\n"))
    answer = send(box, repo, lines(*operations))
    assert answer.status_code == 200, answer.text
    box.settle()
    return repo


def test_a_classifier_answers_as_clients_expect(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    answer = box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD})
    assert answer.status_code == 200, answer.text
    [labels] = answer.json()
    assert {one["label"] for one in labels} == {"NEGATIVE", "POSITIVE"}
    assert sum(one["score"] for one in labels) == pytest.approx(1)
    several = box.post(NOBODY, f"/pipeline/sentiment-analysis/{repo}", json={"inputs": [BAD, "good"]})
    assert several.json()[0][0]["score"] == pytest.approx(labels[0]["score"], abs=1e-5)
    assert len(several.json()) == 2
    refused(box, repo)


def refused(box: HubBox, repo: str) -> None:
    """What goes wrong on the same model, one after another on one worker."""

    def ask(body: Any, path: str = f"/models/{repo}") -> tuple[int, str]:
        answer = box.post(ADA, path, json=body)
        return answer.status_code, answer.json()["error"]

    assert ask({"inputs": ""}) == (400, "The text is empty.")
    assert ask({"inputs": 3})[0] == 400
    assert ask({})[0] == 400
    status, words = ask({"inputs": BAD, "parameters": {"top_q": 1}})
    assert (status, "top_k" in words) == (400, True)
    assert ask({"inputs": BAD, "parameters": {"top_k": "x"}}) == (400, '"top_k" must be a whole number.')
    status, words = ask({"inputs": "good " * 100})
    assert (status, "reads at most 64" in words) == (400, True)
    assert ask({"inputs": BAD}, f"/models/{repo}/pipeline/cooking")[0] == 404
    status, words = ask({"inputs": BAD}, f"/models/{repo}/pipeline/text-classification?revision=nowhere")
    assert status == 404


def test_a_private_model_answers_its_readers_alone(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), private=True, card="pipeline_tag: text-classification")
    assert box.post(EVE, f"/models/{repo}", json={"inputs": BAD}).headers["x-error-code"] == "RepoNotFound"
    assert box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD}).status_code == 401


def test_who_will_not_wait_is_told_how_long_loading_takes(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    answer = box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD}, headers={"x-wait-for-model": "false"})
    assert answer.status_code == 503
    assert answer.json()["error"] == f"Model {repo} is currently loading"
    assert answer.json()["estimated_time"] > 0


def test_a_model_without_a_task_says_what_to_do(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"README.md": "---\nlanguage: en\n---\n"})
    answer = box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD})
    assert (answer.status_code, "pipeline_tag" in answer.json()["error"]) == (400, True)


def test_the_default_model_of_a_task_is_a_setting(box: HubBox) -> None:
    box.app.settings.change("default_models", "text-classification=ada/mood")
    tasks = json.loads(box.get(NOBODY, "/api/tasks").content)
    assert tasks["text-classification"]["widgetModels"] == ["ada/mood"]
    assert tasks["summarization"]["widgetModels"] == []
    assert tasks["fill-mask"]["label"] == "Fill-Mask"


def test_a_picture_of_a_hundred_megabytes_is_refused(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"README.md": "---\npipeline_tag: image-classification\n---\n", "config.json": "{}"})
    headers = {"content-type": "image/png", "content-length": str(100 << 20)}
    answer = box.post(NOBODY, f"/models/{repo}", content=b"x", headers=headers)
    assert answer.status_code == 413


def test_callers_beyond_their_limit_are_told_when_it_ends(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    box.app.settings.change("anonymous_requests_per_minute", "1")
    assert box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD}).status_code == 200
    answer = box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert "1 times a minute from one address" in answer.json()["error"]
    spoken = box.post(NOBODY, "/v1/embeddings", json={"model": repo, "input": "x"})
    assert spoken.json()["error"]["code"] == "rate_limit_exceeded"
    assert box.post(ADA, f"/models/{repo}", json={"inputs": ""}).status_code == 400
    rows = box.app.usage.everything(days=1).lines
    assert [(one.account, one.kind, one.sums.requests, one.sums.failures) for one in rows] == [
        ("", "text-classification", 1, 0),
        ("ada", "text-classification", 1, 1),
    ]


def test_tokens_of_tasks_count_towards_those_of_a_day(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    box.app.settings.change("tokens_per_day", "8")
    for text in ("good", "the film is good"):
        assert box.post(ADA, f"/models/{repo}", json={"inputs": text}).status_code == 200
    refused = box.post(ADA, f"/pipeline/text-classification/{repo}", json={"inputs": "good"})
    assert (refused.status_code, "8 tokens a day" in refused.json()["error"]) == (429, True)
    told = box.get(ADA, "/api/usage").json()
    [row] = told["rows"]
    assert (row["kind"], row["requests"], row["promptTokens"], row["completionTokens"]) == (
        "text-classification",
        2,
        9,
        0,
    )
    assert told["limits"]["tokensToday"] == 9


def test_text_is_streamed_token_by_token(box: HubBox, model: Make) -> None:
    repo = publish(box, model("gpt2"), card="pipeline_tag: text-generation")
    body = {"inputs": "ada lives", "parameters": {"max_new_tokens": 6, "details": True}, "stream": True}
    answer = box.post(NOBODY, f"/models/{repo}", json=body)
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    events = [json.loads(line.removeprefix("data:")) for line in answer.text.split("\n\n") if line]
    assert [event["index"] for event in events] == list(range(1, len(events) + 1))
    assert [event["generated_text"] for event in events[:-1]] == [None] * (len(events) - 1)
    whole = box.post(NOBODY, f"/models/{repo}", json={**body, "stream": False}).json()[0]
    assert events[-1]["generated_text"] == whole["generated_text"]
    assert "".join(event["token"]["text"] for event in events) == whole["generated_text"]
    assert events[-1]["details"]["finish_reason"] == whole["details"]["finish_reason"]
    assert box.app.usage.everything(days=1).whole.prompt == 2 * events[-1]["details"]["input_length"]
    assert box.app.usage.everything(days=1).whole.completion == 2 * len(events)
    expected = [token["logprob"] for token in whole["details"]["tokens"]]
    assert [event["token"]["logprob"] for event in events] == pytest.approx(expected, abs=1e-3)
    refused = box.post(NOBODY, f"/models/{repo}", json={**body, "parameters": {"num_beams": 2}})
    assert (refused.status_code, "without beams" in refused.json()["error"]) == (400, True)


def test_a_model_beyond_the_budget_is_refused_with_both_sizes(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    box.app.workers.limits = Limits(memory=512 << 20)
    answer = box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD})
    assert answer.status_code == 422
    assert "needs about 0.6 GiB" in answer.json()["error"]
    assert "may use 0.5 GiB" in answer.json()["error"]


def test_a_model_s_own_address_tells_that_it_is_well_and_what_it_is(box: HubBox, model: Make) -> None:
    repo = publish(box, model("bert-classifier"), card="pipeline_tag: text-classification")
    for place in (f"/models/{repo}", f"/models/{repo}/pipeline/ner", f"/pipeline/ner/{repo}"):
        assert box.get(NOBODY, f"{place}/health").json() == {"status": "ok", "state": "idle"}
    head = box.get(NOBODY, f"/api/models/{repo}").json()["sha"]
    told = box.get(NOBODY, f"/models/{repo}/info?revision={head[:7]}").json()
    assert (told["model_id"], told["model_sha"], told["model_pipeline_tag"]) == (repo, head, "text-classification")
    assert told["parameters"] > 1000
    assert box.get(NOBODY, f"/models/{repo}/pipeline/ner/info").json()["model_pipeline_tag"] == "token-classification"
    box.post(NOBODY, f"/models/{repo}", json={"inputs": BAD})
    assert box.get(NOBODY, f"/models/{repo}/health").json()["state"] == "ready"
    assert box.get(NOBODY, f"/models/{repo}/health?revision=nowhere").status_code == 404
    assert box.get(NOBODY, f"/models/{repo}/pipeline/cooking/health").status_code == 404
    silent = make(box, "silent")
    assert box.get(NOBODY, f"/models/{silent}/health").status_code == 400
    secret = make(box, "secret", private=True)
    assert box.get(EVE, f"/models/{secret}/info").headers["x-error-code"] == "RepoNotFound"
