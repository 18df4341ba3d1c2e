"""Pages on which people talk to models: what stands on them, what their forms do, what scripts fetch."""

import json
import re
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.inference.chat.conftest import CARD, publish
from tests.people import ADA, EVE, NOBODY
from tests.repowork import commit, make

HTML = {"accept": "text/html"}
TAGS = '{"chat_template": "{{ messages[0].content }}"}'


def described(box: HubBox, name: str = "m", card: str = CARD, **more: object) -> str:
    """A model of which only the card and the tokenizer's words are here."""
    repo = make(box, name, **more)
    commit(box, repo, {"README.md": card, "config.json": "{}", "tokenizer_config.json": TAGS})
    return repo


def test_models_that_one_may_read_are_offered(box: HubBox) -> None:
    described(box, "open")
    described(box, "secret", private=True)
    assert "ada/open" in box.get(NOBODY, "/chat", headers=HTML).text.replace("<b>", "")
    assert "secret" not in box.get(EVE, "/chat", headers=HTML).text
    assert "secret" in box.get(ADA, "/chat", headers=HTML).text


def test_a_name_leads_to_its_page(box: HubBox) -> None:
    answer = box.get(NOBODY, "/chat?model=ada/m@v1", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ada/m/chat?rev=v1")
    hostile = box.get(NOBODY, "/chat?model=//evil.example/x", headers=HTML)
    assert hostile.headers["location"].startswith("/evil.example/x")


def test_the_tab_stands_on_models_that_speak_alone(box: HubBox) -> None:
    described(box, "speaks")
    described(box, "judges", CARD.replace("text-generation", "text-classification"))
    described(box, "silent", CARD.replace("library", "inference: false\nlibrary"))
    assert 'href="/ada/speaks/chat"' in box.get(NOBODY, "/ada/speaks", headers=HTML).text
    for name in ("judges", "silent"):
        assert f'href="/ada/{name}/chat"' not in box.get(NOBODY, f"/ada/{name}", headers=HTML).text
        assert box.get(NOBODY, f"/ada/{name}/chat", headers=HTML).status_code == 404


def test_an_address_fills_the_form(box: HubBox) -> None:
    described(box)
    page = box.get(NOBODY, "/ada/m/chat?prompt=Hi+%3Cb%3E&system=Be+brief&temperature=0.2&rev=v1", headers=HTML).text
    assert "Hi &lt;b&gt;</textarea>" in page
    assert "Be brief</textarea>" in page
    assert 'name="temperature" min="0" max="2" step="any" value="0.2"' in page
    assert '"model": "ada/m@v1"' in re.sub(r"<[^>]+>", "", page)


def test_models_without_a_template_go_on_with_texts(box: HubBox) -> None:
    repo = make(box, "writer")
    commit(box, repo, {"README.md": CARD, "config.json": "{}"})
    page = box.get(NOBODY, "/ada/writer/chat", headers=HTML).text
    assert 'data-mode="text"' in page
    assert "It has no chat template" in page
    assert 'data-mode="chat"' in box.get(NOBODY, "/ada/writer/chat?mode=chat", headers=HTML).text


def test_a_stranger_finds_no_private_conversation(box: HubBox) -> None:
    described(box, "secret", private=True)
    for answer in (
        box.get(EVE, "/ada/secret/chat", headers=HTML),
        box.post(EVE, "/ada/secret/chat", data={"text": "hi"}, headers=HTML),
        box.get(EVE, "/chat/standing?model=ada/secret"),
        box.get(EVE, "/chat/with?model=ada/secret", headers=HTML),
    ):
        assert answer.status_code == 404
    told = box.post(EVE, "/chat/compare", data={"model": ["ada/secret", "ada/none"], "text": "hi"}, headers=HTML)
    assert told.text.count("Repository not found") == 2


def test_the_form_keeps_the_conversation_and_edits_it(box: HubBox) -> None:
    described(box)
    said = {"said": ["one", "first answer", "two", "second <i>answer</i>"], "system": "s", "temperature": "0.5"}
    page = box.post(NOBODY, "/ada/m/chat", data={**said, "do": "edit:2"}, headers=HTML).text
    assert 'name="said" value="first answer"' in page
    assert "second" not in page
    assert "two</textarea>" in page
    assert 'value="0.5"' in page
    fresh = box.post(NOBODY, "/ada/m/chat", data={**said, "do": "new"}, headers=HTML).text
    assert 'name="said"' not in fresh


@pytest.mark.slow
def test_without_script_a_turn_is_answered_and_the_whole_conversation_shown(box: HubBox, speaker: str) -> None:
    asked = {"text": "hello", "max_tokens": "5", "temperature": "0", "logprobs": "1", "do": "send"}
    page = box.post(ADA, f"/{speaker}/chat", data=asked, headers=HTML)
    assert page.status_code == 200, page.text[-3000:]
    assert page.text.count('name="said"') == 2
    assert "5 tokens" in page.text
    assert page.text.count('<span class="shade-') >= 5
    said = re.findall(r'name="said" value="([^"]*)"', page.text)
    again = box.post(ADA, f"/{speaker}/chat", data={**asked, "text": "", "said": said, "do": "again:1"}, headers=HTML)
    assert again.text.count('name="said"') == 2
    wrong = box.post(ADA, f"/{speaker}/chat", data={**asked, "temperature": "9"}, headers=HTML)
    assert (wrong.status_code, "hello</textarea>" in wrong.text) == (400, True)
    assert "temperature is a number from 0 to 2." in wrong.text
    beside = box.post(ADA, "/chat/compare", data={**asked, "model": [speaker, f"{speaker}@main"]}, headers=HTML).text
    assert beside.count("<span>5 tokens</span>") == 2


@pytest.mark.slow
def test_without_script_a_text_goes_on(box: HubBox, tmp_path: Path) -> None:
    repo = publish(box, tmp_path / "w", "writer", template=False)
    page = box.post(ADA, f"/{repo}/chat", data={"text": "once", "max_tokens": "4", "temperature": "0"}, headers=HTML)
    assert page.status_code == 200
    assert '<span class="soft">once</span><ins>' in page.text
    refused = box.post(ADA, f"/{repo}/chat", data={"text": "once", "mode": "chat"}, headers=HTML)
    assert "has no chat template" in refused.text


def test_pieces_are_drawn_without_obeying_what_they_say(box: HubBox) -> None:
    hostile = "# Main\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    said = {"text": hostile, "place": 3, "completion": 7, "seconds": 2, "first": 0.5, "prompt": 1, "finish": "length"}
    likely = {"token": "<b>", "logprob": -0.1, "top_logprobs": [{"token": "<i>", "logprob": -3}]}
    answer = box.post(NOBODY, "/chat/shown", json={**said, "tokens": [likely]}, headers={"x-fragment": "turn"})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img src" not in answer.text
    assert 'href="javascript' not in answer.text
    assert 'id="' not in answer.text
    assert "4.0 tokens/s" in answer.text
    assert '<span class="shade-0" title="90.5 % (&lt;i&gt; 5.0 %)">&lt;b&gt;</span>' in answer.text
    assert 'value="again:3"' in answer.text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {
            "text": 5,
            "tokens": [1, {"token": [], "logprob": "x", "top_logprobs": {"a": 1}}],
            "completion": [],
            "place": "x",
        },
        {"text": "\ufffd", "seconds": 1e308, "completion": -5, "first": True, "finish": {}},
    ],
)
def test_odd_pieces_break_nothing(box: HubBox, said: dict[str, object]) -> None:
    for kind in ("turn", "answer", "went_on", "trouble"):
        sent = {"content": json.dumps(said), "headers": {"x-fragment": kind}}
        assert box.post(NOBODY, "/chat/shown", **sent).status_code == 200
    assert box.post(NOBODY, "/chat/shown", content=b"{}").status_code == 400
    half = {"content": b'{"text": "\\ud800"}', "headers": {"x-fragment": "turn"}}
    assert box.post(NOBODY, "/chat/shown", **half).status_code == 400


@pytest.mark.parametrize(
    ("status", "words"),
    [(429, "Try again in 9 seconds."), (503, "ready in 9 seconds"), (500, "Send it again."), (401, "/login")],
)
def test_errors_say_what_to_do(box: HubBox, status: int, words: str) -> None:
    said = {"message": "Too much <b>", "status": status, "wait": 9}
    text = box.post(NOBODY, "/chat/shown", json=said, headers={"x-fragment": "trouble"}).text
    assert words in text
    assert "Too much &lt;b&gt;" in text
    chinese = {"x-fragment": "trouble", "accept-language": "zh"}
    assert "访问权限" in box.post(NOBODY, "/chat/shown", json={"message": "x", "status": 403}, headers=chinese).text


def test_code_follows_the_fields(box: HubBox) -> None:
    form = {"model": "ada/m", "mode": "chat", "text": 'it\'s "me"', "system": "", "top_k": "5", "temperature": "0.25"}
    page = box.post(NOBODY, "/chat/shown", json={"form": form}, headers={"x-fragment": "code"}).text
    plain = re.sub(r"<[^>]+>", "", page)
    assert "&#39;it&#39;" not in plain
    assert 'extra_body={"top_k": 5}' in plain.replace("&quot;", '"')
    assert "temperature=0.25" in plain
    odd = box.post(NOBODY, "/chat/shown", json={"form": {**form, "top_k": "many"}}, headers={"x-fragment": "code"})
    assert odd.status_code == 200


def test_a_model_that_nobody_asked_is_cold(box: HubBox) -> None:
    described(box)
    assert box.get(NOBODY, "/chat/standing?model=ada/m").json() == {
        "state": "cold",
        "seconds": 0,
        "before": 0,
        "mode": "chat",
    }


def test_other_sites_cannot_speak_in_somebodys_name(box: HubBox) -> None:
    described(box)
    box.http.post("/login", data={"username": ADA.name, "password": ADA.password})
    for path in ("/v1/chat/completions", "/v1/completions", "/ada/m/chat", "/chat/compare"):
        for headers in (
            {"origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            answer = box.http.post(path, content=b'{"model": "ada/m", "messages": [], "prompt": "x"}', headers=headers)
            assert answer.status_code == 403, path
    box.http.cookies.clear()
