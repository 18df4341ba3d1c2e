"""The log of usage: rows, API, pages, command."""

import json
from datetime import timedelta

from click.testing import CliRunner
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person

from bearhug.base import clock
from bearhug.cli import main
from bearhug.hub.access.records import TokenKind
from bearhug.inference.usage import store
from bearhug.inference.usage.records import Asker, Key, Sums


def used(box: HubBox, person: Person, model: str = "ada/m", kind: str = "chat", tokens: int = 10) -> None:
    """One request of a person."""
    asker = Asker(box.actor(person).user_id or 0, "10.0.0.1")
    with box.app.usage.ledger.begin(asker, model, kind) as cost:
        cost.prompt, cost.completion = tokens, tokens * 2


def test_sums_of_many_flushes_are_one_row(box: HubBox) -> None:
    for _ in range(3):
        used(box, ADA)
        box.app.usage.flush()
    told = box.get(ADA, "/api/usage").json()
    [row] = told["rows"]
    assert (row["model"], row["kind"], row["requests"]) == ("ada/m", "chat", 3)
    assert (row["promptTokens"], row["completionTokens"], row["failures"]) == (30, 60, 0)
    assert told["sums"]["promptTokens"] == 30
    assert told["limits"] == {"requestsPerMinute": 0, "tokensPerDay": 0, "tokensToday": 90}


def test_everybody_sees_their_own_and_administrators_all(box: HubBox) -> None:
    used(box, ADA)
    used(box, BOB, kind="completion")
    used(box, NOBODY)
    assert [row["kind"] for row in box.get(BOB, "/api/usage").json()["rows"]] == ["completion"]
    assert box.get(EVE, "/api/usage").json()["rows"] == []
    assert box.get(NOBODY, "/api/usage").status_code == 401
    assert box.get(BOB, "/api/admin/usage").status_code == 403
    assert box.get(NOBODY, "/api/admin/usage").status_code == 401
    box.app.accounts.make_admin(ADA.name)
    rows = box.get(ADA, "/api/admin/usage").json()["rows"]
    assert sorted(row.get("account", "") for row in rows) == ["", "ada", "bob"]


def test_a_fine_grained_token_does_not_learn_names_of_private_models(box: HubBox) -> None:
    used(box, ADA, model="ada/secret")
    secret = box.token(ADA, TokenKind.FINE_GRAINED)
    answer = box.http.get("/api/usage", headers={"authorization": f"Bearer {secret}"})
    assert (answer.status_code, "secret" in answer.text) == (403, False)


def test_days_far_back_are_asked_for_and_forgotten_at_last(box: HubBox) -> None:
    user_id, today = box.actor(ADA).user_id or 0, clock.now().date()
    for ago in (0, 20, 100, 500):
        with box.app.db.writing() as tx:
            store.add(tx, {Key(today - timedelta(days=ago), user_id, "ada/m", "chat"): Sums(1, 0, 1, 1, 0.5)})
    assert len(box.get(ADA, "/api/usage?days=7").json()["rows"]) == 1
    assert len(box.get(ADA, "/api/usage").json()["rows"]) == 2
    assert box.get(ADA, "/api/usage?days=100000").json()["sums"]["requests"] == 3
    box.app.usage.roll()
    with box.app.db.reading() as tx:
        left = store.lines(tx, ["day"], since=today - timedelta(days=1000), account=user_id, limit=10)
    assert len(left) == 3


def test_rows_of_a_deleted_account_go_with_it(box: HubBox) -> None:
    used(box, EVE)
    box.app.usage.flush()
    used(box, EVE)
    box.app.profiles.delete_account(EVE.name)
    assert box.app.usage.everything(days=7).whole.requests == 0


def test_an_account_that_asked_enough_is_told_when_to_come_back(box: HubBox) -> None:
    box.app.settings.change("tokens_per_day", "20")
    used(box, ADA)
    box.app.usage.flush()
    box.app.usage.ledger.take()
    answer = box.get(ADA, "/api/usage").json()
    assert answer["limits"] == {"requestsPerMinute": 0, "tokensPerDay": 20, "tokensToday": 30}


def test_a_restart_remembers_the_tokens_of_today(box: HubBox) -> None:
    used(box, ADA)
    box.app.usage.flush()
    asker = Asker(box.actor(ADA).user_id or 0)
    again = type(box.app.usage)(box.app.db, box.app.settings)
    again.start()
    assert again.ledger.tokens_today(asker) == 30
    again.ledger.begin(asker, "ada/m", "chat").end()
    again.close()
    assert box.app.usage.everything(days=1).whole.requests == 2


def test_pages_show_sums_in_both_languages(box: HubBox) -> None:
    used(box, ADA, model="ada/<b>m</b>", kind="text-classification")
    used(box, NOBODY)
    box.app.settings.change("tokens_per_day", "1000")
    page = box.get(ADA, "/settings/usage").text
    assert "ada/&lt;b&gt;m&lt;/b&gt;" in page
    assert "30 of 1,000 tokens" in page
    chinese = box.get(ADA, "/settings/usage", headers={"accept-language": "zh"}).text
    assert "模型用量" in chinese
    assert "文本分类" in chinese
    assert box.get(NOBODY, "/settings/usage").status_code == 303
    assert box.get(BOB, "/administration/usage").status_code == 403


def test_the_command_tells_who_asked_what(box: HubBox) -> None:
    used(box, ADA)
    used(box, BOB)
    box.app.usage.flush()
    words = ["usage", "--data", str(box.config.data)]
    done = CliRunner().invoke(main, [*words, "--json"], env={"BEARHUG_DATABASE_URL": box.config.database_url})
    assert done.exit_code == 0, done.output
    assert sorted(row["account"] for row in json.loads(done.stdout)) == ["ada", "bob"]
    table = CliRunner().invoke(main, [*words, "BOB"], env={"BEARHUG_DATABASE_URL": box.config.database_url})
    assert "bob" in table.stdout
    assert "ada/m" in table.stdout
    assert len(table.stdout.splitlines()) == 2
