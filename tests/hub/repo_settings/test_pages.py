"""Settings of a repository: who sees it, who is let in, its name, its large files, its end."""

from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import LANGUAGES, look, sign_in, visible
from tests.repowork import add, commit, large, lines, make, send, upload

SETTINGS = "/ada/m/settings"
CARD = """\
---
extra_gated_heading: "Who are <you>?"
extra_gated_prompt: "**Be kind.** <script>alert(1)</script>"
extra_gated_fields:
  Company "x": text
  I agree: checkbox
  Use: {type: select, options: [research, {label: Else, value: other}]}
  Since: date_picker
---
# Card
"""
ANSWERS = {'Company "x"': "Eve <b>", "I agree": "true", "Use": "other", "Since": "2026-01-31"}


def change(box: HubBox, deed: str, **form: str) -> Any:
    return box.http.post(SETTINGS, data={"deed": deed, **form})


@pytest.mark.parametrize("page", ["", "/files", "/access"])
def test_settings_are_for_those_who_administer(box: HubBox, page: str) -> None:
    make(box)
    assert look(box, SETTINGS + page).status_code == 401
    sign_in(box, BOB)
    assert look(box, SETTINGS + page).status_code == 403
    assert box.http.post(SETTINGS + page, data={"deed": "delete", "typed": "ada/m"}).status_code == 403
    sign_in(box, ADA)
    for language in LANGUAGES:
        with box.counting() as statements:
            assert look(box, SETTINGS + page, language).status_code == 200
        assert len(statements) <= 12


def test_visibility_switches_name_and_end_of_a_repository(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    assert change(box, "visibility", visibility="private").headers["location"] == f"{SETTINGS}?saved=true"
    change(box, "discussions", discussions="off")
    info = box.get(ADA, "/api/models/ada/m").json()
    assert info["private"] is True
    assert 'value="off" checked' in look(box, SETTINGS).text
    saved = change(box, "rename", name="n").headers["location"]
    assert saved == "/ada/n/settings?saved=true"
    assert "已保存" in look(box, saved, "zh").text
    assert "已保存" not in look(box, "/ada/n/settings", "zh").text
    assert look(box, "/ada/m").headers["location"] == "/ada/n"
    wrong = box.http.post("/ada/n/settings", data={"deed": "delete", "typed": "ada/m"})
    assert wrong.status_code == 400
    gone = box.http.post("/ada/n/settings", data={"deed": "delete", "typed": "ada/n"}).headers["location"]
    assert gone == "/ada?deleted=true"
    assert "仓库已删除" in look(box, gone, "zh").text
    assert "仓库已删除" not in look(box, "/ada", "zh").text
    assert look(box, "/ada/n").status_code == 404


def test_a_name_that_cannot_be_is_said_and_kept(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    answer = change(box, "rename", name='"><script>')
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert "&#34;&gt;&lt;script&gt;" in answer.text
    assert change(box, "shout").status_code == 400


def test_a_repository_is_handed_over_with_its_name_typed(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    assert change(box, "transfer", owner="lab", typed="m").status_code == 400
    assert change(box, "transfer", owner="bob", typed="ada/m").status_code == 403
    assert change(box, "transfer", owner="lab", typed="ada/m").headers["location"] == "/lab/m"
    assert look(box, "/ada/m").headers["location"] == "/lab/m"


def test_a_history_is_squashed_with_the_name_typed(box: HubBox) -> None:
    make(box)
    for number in range(3):
        commit(box, "ada/m", {"a.txt": str(number)})
    sign_in(box, ADA)
    assert change(box, "squash", branch="main", typed="").status_code == 400
    assert change(box, "squash", branch="nowhere", typed="ada/m").status_code == 404
    assert (
        change(box, "squash", branch="main", typed="ada/m", message="All").headers["location"] == "/ada/m/commits/main"
    )
    commits = box.get(ADA, "/api/models/ada/m/commits/main").json()
    assert [one["title"] for one in commits] == ["All"]
    assert box.get(ADA, "/ada/m/resolve/main/a.txt").text == "2"


def test_large_files_are_listed_by_size_and_deleted_for_good(box: HubBox) -> None:
    make(box)
    oids = {}
    for name, size in (("small<b>.bin", 1000), ("big.bin", 5000)):
        content = name.encode() * size
        oids[name] = upload(box, "ada/m", content)
        send(box, "ada/m", lines(large(name, content), add("x", name)))
    sign_in(box, ADA)
    page = look(box, f"{SETTINGS}/files").text
    assert page.index("big.bin") < page.index("small&lt;b&gt;.bin")
    form = {"oid": oids["big.bin"], "typed": "ada/m"}
    for wrong in ({**form, "typed": "m"}, {"typed": "ada/m"}, {**form, "oid": "../x"}):
        assert box.http.post(f"{SETTINGS}/files", data=wrong).status_code == 400
    assert box.http.post(f"{SETTINGS}/files", data={**form, "rewrite": "1"}).status_code == 303
    box.settle()
    page = look(box, f"{SETTINGS}/files", "zh").text
    assert "big.bin" not in page
    assert "small&lt;b&gt;.bin" in page
    assert box.get(ADA, "/ada/m/resolve/main/big.bin").status_code == 404


def test_readers_ask_on_the_page_and_owners_answer_on_theirs(box: HubBox) -> None:
    make(box)
    commit(box, "ada/m", {"w.txt": "weights", "README.md": CARD})
    sign_in(box, ADA)
    assert change(box, "gate", gated="manual").status_code == 303
    assert "ask-access" not in look(box, "/ada/m").text  # the owner is inside
    box.http.cookies.clear()
    assert "/login?next=/ada/m" in look(box, "/ada/m").text
    sign_in(box, EVE)
    for language in LANGUAGES:
        page = look(box, "/ada/m", language).text
        assert "Who are &lt;you&gt;?" in page
        assert "<strong>Be kind.</strong>" in page
        assert "<script>alert" not in page
        assert 'name="Company &#34;x&#34;"' in page
    assert box.http.post("/ada/m/ask-access", data=ANSWERS).headers["location"] == "/ada/m"
    assert "正在等待" in look(box, "/ada/m", "zh").text
    sign_in(box, ADA)
    page = look(box, f"{SETTINGS}/access")
    assert "eve" in visible(page)
    assert "Eve &lt;b&gt;" in page.text
    rejected = {"user": "eve", "status": "rejected", "reason": "not <now>"}
    assert box.http.post(f"{SETTINGS}/access", data=rejected).status_code == 303
    assert "not &lt;now&gt;" in look(box, f"{SETTINGS}/access?status=rejected", "zh").text
    sign_in(box, EVE)
    assert "not &lt;now&gt;" in look(box, "/ada/m").text
    sign_in(box, ADA)
    assert box.http.post(f"{SETTINGS}/access", data={"user": "eve", "status": "accepted"}).status_code == 303
    assert box.get(EVE, "/ada/m/resolve/main/w.txt").text == "weights"
    sign_in(box, EVE)
    assert "ask-access" not in look(box, "/ada/m").text


def test_somebody_is_let_in_who_has_not_asked(box: HubBox) -> None:
    make(box)
    sign_in(box, ADA)
    assert "no gate" in look(box, f"{SETTINGS}/access").text
    change(box, "gate", gated="auto")
    nobody = box.http.post(f"{SETTINGS}/access", data={"user": "no<b>body", "status": "grant"})
    assert nobody.status_code == 404
    assert "no<b>body" not in nobody.text
    assert (
        box.http.post(f"{SETTINGS}/access", data={"user": "eve", "status": "grant", "shown": "accepted"}).status_code
        == 303
    )
    assert "eve" in visible(look(box, f"{SETTINGS}/access?status=accepted"))
    assert box.http.post(f"{SETTINGS}/access", data={"user": "eve", "status": "king"}).status_code == 400
    assert change(box, "gate", gated="sometimes").status_code == 400
