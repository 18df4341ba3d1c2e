"""The pages of deployments: what is there, who steers, and what hostile forms do."""

import pytest
from tests.hubbox import HubBox
from tests.inference.deployments.conftest import Echoes, administrator, deploy
from tests.people import ADA, BOB, EVE
from tests.reading import look, sign_in, visible
from tests.repowork import commit, make

from bearhug.inference.deployments import standing as standing_of
from bearhug.inference.engine.plans import REMOTE, TEXT, VLLM
from bearhug.inference.workers.asking import ask
from bearhug.inference.workers.records import Standing, State

HOME = "/deployments"


@pytest.fixture
def at_browser(hub: HubBox) -> HubBox:
    sign_in(hub, ADA)
    return hub


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_shows_what_is_deployed_in_few_statements(at_browser: HubBox, language: str) -> None:
    for at in range(5):
        deploy(at_browser, name=f":n{at}")
    look(at_browser, HOME, language)
    with at_browser.counting() as statements:
        page = look(at_browser, HOME, language)
    assert page.status_code == 200
    assert "ada/chat:n4" in page.text
    assert ("部署" if language == "zh" else "Deployments") in page.text
    assert len(statements) <= 6


def test_models_that_nobody_deployed_are_shown_to_their_readers(hub: HubBox, echoes: Echoes) -> None:
    app = hub.app
    for model in ("ada/chat", "ada/secret"):
        ask(app.workers, app.gateway.plan(hub.actor(ADA), model), {})
    sign_in(hub, EVE)
    seen = visible(look(hub, HOME))
    assert "ada/chat" in seen
    assert "loaded on demand" in seen
    assert "transformers" in seen
    assert "ada/secret" not in seen
    assert "Memory of loaded models" not in seen
    app.accounts.make_admin(EVE.name)
    assert "ada/secret" in visible(look(hub, HOME))
    assert "Memory of loaded models" in visible(look(hub, HOME))


@pytest.mark.parametrize(
    ("servant", "told", "engine"),
    [
        (TEXT, {"engine": "openvino"}, "openvino"),
        (TEXT, {}, ""),
        (VLLM, {}, "vllm"),
        (REMOTE, {}, "remote"),
        ("bearhug.inference.tasks.servant:TaskServant", {}, "transformers"),
    ],
)
def test_an_engine_is_known_by_what_a_worker_tells_or_runs(servant: str, told: dict[str, str], engine: str) -> None:
    standing = Standing("text ada/chat", "ada/chat", servant, State.READY, 1, 0, 0, 0, 0, 0, 0, 0)
    assert standing_of.engine(standing, told) == engine


def test_deployments_stand_in_the_menu_of_those_who_are_signed_in(hub: HubBox) -> None:
    assert 'href="/deployments"' not in look(hub, "/").text
    sign_in(hub, EVE)
    assert look(hub, "/").text.count('href="/deployments"') == 1


def test_a_deployment_has_a_page_with_code_and_figures(at_browser: HubBox, echoes: Echoes) -> None:
    number = deploy(at_browser)
    app = at_browser.app
    ask(app.workers, app.gateway.plan(at_browser.actor(ADA), "ada/chat"), {})
    with at_browser.counting() as statements:
        page = look(at_browser, f"{HOME}/{number}")
    assert page.status_code == 200
    assert "http://hub.test/v1/chat/completions" in page.text
    assert 'value="stop"' in page.text
    assert "=== started" in page.text
    assert len(statements) <= 8


def test_scripts_fetch_the_figures_alone(at_browser: HubBox) -> None:
    number = deploy(at_browser)
    for path in (HOME, f"{HOME}/{number}"):
        part = at_browser.http.get(path, headers={"accept": "text/html", "x-fragment": "live"})
        assert part.status_code == 200
        assert "<html" not in part.text
        assert "loads when asked" in part.text


def test_readers_see_neither_buttons_nor_logs(hub: HubBox) -> None:
    number = deploy(hub, "ada/chat", administrator(hub), name="wide", engine="vllm", flags=["--secret-flag"])
    sign_in(hub, EVE)
    page = look(hub, f"{HOME}/{number}")
    assert page.status_code == 200
    assert "--secret-flag" not in page.text
    assert 'name="do"' not in page.text
    assert 'class="log"' not in page.text
    refused = hub.http.post(f"{HOME}/{number}", data={"do": "stop"}, headers={"accept": "text/html"})
    assert refused.status_code == 403


def test_what_others_may_not_read_has_no_page(hub: HubBox) -> None:
    number = deploy(hub, "ada/secret")
    sign_in(hub, BOB)
    hidden, absent = look(hub, f"{HOME}/{number}"), look(hub, f"{HOME}/{number + 1}")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert "ada/secret" not in look(hub, HOME).text


def test_buttons_start_stop_and_forget(at_browser: HubBox) -> None:
    number = deploy(at_browser)

    def press(do: str, **more: str) -> str:
        answer = at_browser.http.post(f"{HOME}/{number}", data={"do": do, **more})
        assert answer.status_code == 303
        return answer.headers["location"]

    assert press("stop", back="list") == HOME
    assert at_browser.get(ADA, f"/api/deployments/{number}").json()["wanted"] == "stopped"
    assert press("start") == f"{HOME}/{number}"
    changed = press("change", engine="transformers", context="64", keep="yes", revision="main")
    assert changed == f"{HOME}/{number}"
    told = at_browser.get(ADA, f"/api/deployments/{number}").json()
    assert (told["engine"], told["context"], told["keep"]) == ("transformers", 64, True)
    assert press("delete") == HOME
    assert at_browser.get(ADA, "/api/deployments").json() == []


def test_the_form_deploys_and_says_what_is_wrong_with_it(at_browser: HubBox) -> None:
    form = {"model": "ada/chat", "name": ":two words", "engine": "openvino", "precision": "fp32"}
    wrong = at_browser.http.post(HOME, data=form, headers={"accept": "text/html", "accept-language": "zh"})
    assert wrong.status_code == 400
    assert "名称由字母" in wrong.text
    assert ":two words" in wrong.text
    for broken in ({"context": "many"}, {"flags": '"'}, {"engine": "warp"}, {"task": "cook"}, {"model": "x" * 5000}):
        assert at_browser.http.post(HOME, data=form | {"name": ""} | broken).status_code == 400, broken
    made = at_browser.http.post(HOME, data=form | {"name": ":two"})
    assert made.status_code == 303
    assert look(at_browser, made.headers["location"]).status_code == 200
    assert look(at_browser, f"{HOME}/new?model=<b>x").status_code == 200


def test_nobody_is_sent_to_sign_in(hub: HubBox) -> None:
    assert look(hub, HOME).status_code == 200
    assert look(hub, f"{HOME}/new").status_code in (303, 401)


def test_the_page_of_a_model_tells_of_its_deployments(at_browser: HubBox) -> None:
    assert "Deploy this model" in look(at_browser, "/ada/chat").text
    deploy(at_browser, name=":fast")
    page = look(at_browser, "/ada/chat").text
    assert "ada/chat:fast" in page
    assert "Deploy it in another way" in page
    make(at_browser, "pictures")
    commit(at_browser, "ada/pictures", {"README.md": "---\npipeline_tag: image-classification\n---\n"})
    assert "Deploy this model" not in look(at_browser, "/ada/pictures").text
    sign_in(at_browser, EVE)
    assert "ada/chat:fast" in look(at_browser, "/ada/chat").text
    assert "Deploy it in another way" not in look(at_browser, "/ada/chat").text


def test_the_address_of_these_pages_is_nobodys_name(hub: HubBox) -> None:
    answer = hub.http.post("/join", data={"username": "deployments", "password": "a long enough password"})
    assert "reserved" in answer.text
