"""The pages of administrators."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import look, sign_in
from tests.repowork import make

from bearhug.base import events
from bearhug.hub.access.records import Actor
from bearhug.hub.doctor.records import Health

HOME = "/administration"
PLACES = (
    "",
    "/people",
    "/organizations",
    "/repositories",
    "/storage",
    "/jobs",
    "/health",
    "/announcement",
    "/settings",
)


@pytest.fixture
def desk(box: HubBox) -> HubBox:
    """ada administers the hub and sits at a browser."""
    box.app.accounts.make_admin(ADA.name)
    sign_in(box, ADA)
    return box


def send(box: HubBox, path: str, **form: str) -> int:
    return box.http.post(HOME + path, data=form).status_code


def acts(box: HubBox) -> list[tuple[str, str]]:
    return [(act.action, act.subject) for act in box.app.desks.survey.acts(before=None, limit=50)]


@pytest.mark.parametrize(
    "path", [*PLACES, "/audit", "/storage?look=true", "/people?q=a%25", "/jobs?status=done&kind=x"]
)
def test_administrators_see_every_page_in_few_statements(desk: HubBox, path: str) -> None:
    make(desk, "bear")
    with desk.counting() as statements:
        answer = look(desk, HOME + path, "zh")
    assert answer.status_code == 200
    assert "管理" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert len(statements) <= 30


@pytest.mark.parametrize("path", PLACES)
def test_nobody_else_does(box: HubBox, path: str) -> None:
    assert look(box, HOME + path).status_code == 401
    sign_in(box, BOB)
    assert look(box, HOME + path).status_code == 403
    box.app.accounts.make_admin(ADA.name)
    assert box.get(ADA, HOME + path).status_code == 403  # a token is not a person at a page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/people", {"name": "new-one"}),
        ("/people/eve", {"do": "delete", "sure": "yes"}),
        ("/organizations/lab", {"do": "delete", "sure": "yes"}),
        ("/repositories", {"do": "delete", "sure": "yes", "kind": "model", "repo": "ada/bear"}),
        ("/storage", {}),
        ("/jobs/1", {"do": "cancel"}),
        ("/settings", {"public_name": "Taken"}),
        ("/announcement", {"announcement": "Taken"}),
    ],
)
def test_forms_of_others_and_of_other_sites_change_nothing(box: HubBox, path: str, form: dict[str, str]) -> None:
    make(box, "bear")
    sign_in(box, BOB)
    assert send(box, path, **form) == 403
    box.app.accounts.make_admin(ADA.name)
    sign_in(box, ADA)
    cross = {"sec-fetch-site": "cross-site"}
    assert box.http.post(HOME + path, data=form, headers=cross).status_code == 403
    assert acts(box) == []


def test_people_are_found_added_locked_and_promoted(desk: HubBox) -> None:
    assert 'href="/eve"' in look(desk, f"{HOME}/people?q=EV").text
    assert 'href="/bob"' not in look(desk, f"{HOME}/people?q=EV").text
    made = desk.http.post(f"{HOME}/people", data={"name": "zoe", "fullname": "Zoë", "admin": "1"})
    assert "zoe" in made.text
    assert desk.app.accounts.get("zoe").is_admin
    assert "already taken" in desk.http.post(f"{HOME}/people", data={"name": "zoe"}).text
    for what in ("lock", "unlock", "promote", "dismiss", "signout"):
        assert send(desk, "/people/eve", do=what) == 303
    assert not desk.app.accounts.get("eve").is_admin
    assert [action for action, _ in acts(desk)][:5] == [
        "sign out everywhere",
        "dismiss as administrator",
        "make an administrator",
        "unlock",
        "lock",
    ]


def test_locking_ends_sessions_and_sign_in(desk: HubBox) -> None:
    secret = desk.app.sessions.sign_in(EVE.name, EVE.password, ip="127.0.0.1", agent="x")
    send(desk, "/people/eve", do="lock")
    with desk.app.db.reading() as tx:
        assert desk.app.sessions.signed_in(tx, secret) is None
    assert desk.http.post("/login", data={"username": EVE.name, "password": EVE.password}).status_code == 401


def test_one_cannot_lock_or_delete_oneself_nor_the_last_administrator(desk: HubBox) -> None:
    assert send(desk, "/people/ada", do="lock") == 400
    assert send(desk, "/people/ada", do="delete", sure="yes") == 400
    assert send(desk, "/people/ada", do="dismiss") == 400
    assert send(desk, "/people/nobody-here", do="lock") == 400
    assert send(desk, "/people/eve", do="nonsense") == 400


def test_a_new_password_is_asked_for_twice_and_shown_once(desk: HubBox) -> None:
    asked = desk.http.post(f"{HOME}/people/eve", data={"do": "password"})
    assert 'name="sure"' in asked.text
    assert desk.http.post("/login", data={"username": EVE.name, "password": EVE.password}).status_code == 303
    sign_in(desk, ADA)
    told = desk.http.post(f"{HOME}/people/eve", data={"do": "password", "sure": "yes"}).text
    word = told.partition("<code>")[2].partition("</code>")[0]
    assert desk.http.post("/login", data={"username": EVE.name, "password": word}).status_code == 303


def test_people_are_deleted_with_what_is_theirs_or_somebody_takes_it_over(desk: HubBox) -> None:
    make(desk, "den", person=EVE)
    asked = desk.http.post(f"{HOME}/people/eve", data={"do": "delete", "back": f"{HOME}/people"})
    assert "Delete the account eve for good?" in asked.text
    assert desk.app.accounts.get("eve")
    assert send(desk, "/people/eve", do="delete", sure="yes", heir="bob") == 303
    assert look(desk, "/bob/den").status_code == 200
    assert look(desk, "/eve").status_code == 404
    assert send(desk, "/people/bob", do="delete", sure="yes") == 303
    assert look(desk, "/bob/den").status_code == 404
    assert ("delete a person", "bob") in acts(desk)


def test_organizations_are_deleted_by_administrators(desk: HubBox) -> None:
    make(desk, "tracks", kind="dataset", organization="lab")
    assert 'name="sure"' in desk.http.post(f"{HOME}/organizations/lab", data={"do": "delete"}).text
    assert send(desk, "/organizations/lab", do="delete", sure="yes", heir="nobody-here") == 400
    assert send(desk, "/organizations/lab", do="delete", sure="yes") == 303
    assert look(desk, "/lab").status_code == 404


def test_repositories_are_found_hidden_moved_and_deleted(desk: HubBox) -> None:
    make(desk, "den", person=EVE)
    make(desk, "cave", kind="dataset", person=EVE)
    page = look(desk, f"{HOME}/repositories?q=eve/d&kind=model&state=public&order=size").text
    assert "/eve/den" in page
    assert "/datasets/eve/cave" not in page
    which = {"kind": "model", "repo": "eve/den"}
    assert send(desk, "/repositories", do="private", **which) == 303
    assert "eve/den" in look(desk, f"{HOME}/repositories?state=private").text
    assert send(desk, "/repositories", do="disable", **which) == 303
    assert send(desk, "/repositories", do="enable", **which) == 303
    assert 'name="target"' in desk.http.post(f"{HOME}/repositories", data={"do": "move", **which}).text
    assert send(desk, "/repositories", do="move", target="lab/home", **which) == 303
    asked = desk.http.post(f"{HOME}/repositories", data={"do": "delete", "kind": "model", "repo": "lab/home"})
    assert 'name="sure"' in asked.text
    assert send(desk, "/repositories", do="delete", sure="yes", kind="model", repo="lab/home") == 303
    assert look(desk, "/lab/home").status_code == 404
    assert send(desk, "/repositories", do="delete", sure="yes", kind="model", repo="lab/home") == 400
    assert send(desk, "/repositories", do="delete", sure="yes", kind="cat", repo="x") == 400


def test_jobs_are_looked_at_retried_and_cancelled(desk: HubBox) -> None:
    desk.settle()
    with desk.app.db.writing() as tx:
        desk.app.bus.enqueue(tx, "chore.trending", {"why": "<script>"}, delay=3600)
        job = events.listing(tx, limit=1)[0]
    page = look(desk, f"{HOME}/jobs/{job.id}")
    assert "<script>" not in page.text.partition("<main")[2]
    assert send(desk, f"/jobs/{job.id}", do="cancel") == 303
    assert send(desk, f"/jobs/{job.id}", do="cancel") == 400
    assert "chore.trending" in look(desk, f"{HOME}/jobs?status=cancelled").text
    assert send(desk, f"/jobs/{job.id}", do="retry") == 303
    desk.settle()
    assert "chore.trending" in look(desk, f"{HOME}/jobs?status=done&kind=chore.trending").text
    assert look(desk, f"{HOME}/jobs/999999").status_code == 404
    assert look(desk, f"{HOME}/jobs/x").status_code == 404


def test_room_is_given_back_as_a_job(desk: HubBox) -> None:
    assert send(desk, "/storage", back="//evil.example") == 303
    with desk.app.db.reading() as tx:
        assert [job.kind for job in events.listing(tx, limit=1)] == ["recycling.daily"]


def test_settings_are_changed_together_or_not_at_all(desk: HubBox) -> None:
    form = {"public_name": "Den", "session_days": "7", "registration": "invite", "anonymous_reading": "true"}
    assert send(desk, "/settings", **form) == 303
    now = desk.app.settings.now()
    assert (now.public_name, now.session_days, now.pack_files) == ("Den", 7, False)  # a switch left out is off
    assert ("change a setting", "session_days") in acts(desk)
    answer = desk.http.post(f"{HOME}/settings", data={**form, "public_name": "Cave", "session_days": "never"})
    assert answer.status_code == 400
    assert 'value="Cave"' in answer.text
    assert desk.app.settings.now().public_name == "Den"


def test_announcements_are_read_in_either_language_and_put_away(desk: HubBox) -> None:
    form = {"announcement": "Down at noon <b>", "announcement_zh": "中午维护", "announcement_urgency": "urgent"}
    assert send(desk, "/announcement", **form, announcement_dismissable="true") == 303
    page = look(desk, "/").text
    assert "Down at noon &lt;b&gt;" in page
    assert 'class="announcement urgent"' in page
    assert "中午维护" in look(desk, "/", "zh").text
    mark = page.partition('name="told" value="')[2].partition('"')[0]
    desk.http.post("/preferences", data={"told": mark, "next": "/"})
    assert "Down at noon" not in look(desk, "/").text
    assert send(desk, "/announcement", announcement="Down at one") == 303
    page = look(desk, "/", "zh").text
    assert "中午维护" in page  # only what was sent is changed
    assert 'name="told"' not in page


def test_the_overview_tells_what_is_wrong(desk: HubBox) -> None:
    with desk.app.db.writing() as tx:
        desk.app.bus.enqueue(tx, "nothing.like.it", {})
        job = events.listing(tx, limit=1)[0]
        for _ in range(events.MAX_ATTEMPTS):
            events.fail(tx, events.Job(job.id, job.kind, {}, events.MAX_ATTEMPTS), "it broke")
    page = look(desk, HOME, "zh").text
    assert "后台任务" in page
    assert Health.POOR.value in page


def test_the_trail_outlives_its_subjects(desk: HubBox) -> None:
    send(desk, "/people/eve", do="delete", sure="yes")
    page = look(desk, f"{HOME}/audit", "zh").text
    assert "删除账号" in page
    assert "eve" in page


def test_lists_of_people_tell_how_many_there_are_by_state_and_order(desk: HubBox) -> None:
    make(desk, "den", person=EVE)
    send(desk, "/people/eve", do="lock")
    page = look(desk, f"{HOME}/people?state=locked").text
    assert 'href="/eve"' in page
    assert 'href="/bob"' not in page
    assert 'People <span class="soft">1</span>' in page
    assert f'{HOME}/repositories?q=eve/">1</a>' in page
    assert 'href="/bob"' in look(desk, f"{HOME}/people?state=nonsense&order=nonsense&page=x").text
    newest = look(desk, f"{HOME}/people?order=newest").text
    assert newest.index('href="/eve"') < newest.index('href="/bob"') < newest.rindex('href="/ada"')
    assert 'data-label="Members">2<' in look(desk, f"{HOME}/organizations").text


def test_long_lists_have_pages(desk: HubBox) -> None:
    actor = Actor(user_id=desk.app.accounts.get(ADA.name).id, name=ADA.name)
    for number in range(51):
        desk.app.orgs.create(actor, f"team-{number:02}")
    page = look(desk, f"{HOME}/organizations?q=team").text
    assert "Page 1 of 2" in page
    assert 'href="/team-49"' in page
    assert 'href="/team-50"' not in page
    page = look(desk, f"{HOME}/organizations?q=team&page=2").text
    assert 'href="/team-50"' in page
    assert "Page 2 of 2" in page
    assert "Page 2 of 2" in look(desk, f"{HOME}/organizations?q=team&page=3").text


def test_disabled_repositories_are_found(desk: HubBox) -> None:
    make(desk, "den", person=EVE)
    make(desk, "cave", person=EVE)
    send(desk, "/repositories", do="disable", kind="model", repo="eve/den")
    page = look(desk, f"{HOME}/repositories?state=disabled").text
    assert "/eve/den" in page
    assert "/eve/cave" not in page


def test_all_that_failed_runs_again_at_once(desk: HubBox) -> None:
    desk.settle()
    with desk.app.db.writing() as tx:
        for kind in ("chore.trending", "chore.trending", "nothing.like.it"):
            desk.app.bus.enqueue(tx, kind, {})
            job = events.listing(tx, limit=1)[0]
            events.fail(tx, events.Job(job.id, job.kind, {}, events.MAX_ATTEMPTS), "it broke")
    assert "Run all again that failed" in look(desk, f"{HOME}/jobs").text
    assert send(desk, "/jobs", kind="chore.trending") == 303
    with desk.app.db.reading() as tx:
        assert [job.kind for job in events.listing(tx, status="failed")] == ["nothing.like.it"]
    assert acts(desk)[0] == ("retry failed jobs", "chore.trending")
    send(desk, "/jobs")
    with desk.app.db.reading() as tx:
        assert events.listing(tx, status="failed") == []


def test_the_trail_is_searched(desk: HubBox) -> None:
    send(desk, "/people/eve", do="lock")
    send(desk, "/people/bob", do="lock")
    page = look(desk, f"{HOME}/audit?q=EVE").text
    assert ">eve<" in page
    assert ">bob<" not in page


def test_the_overview_says_its_findings_in_chinese(desk: HubBox) -> None:
    with desk.app.db.writing() as tx:
        desk.app.bus.enqueue(tx, "nothing.like.it", {})
        events.fail(tx, events.Job(events.listing(tx, limit=1)[0].id, "x", {}, events.MAX_ATTEMPTS), "it broke")
    page = look(desk, HOME, "zh").text
    assert "1 个失败" in page
    assert "<code>bearhug fsck</code>" in page
    assert "failed" not in page.partition("<main")[2].replace("status=failed", "")
