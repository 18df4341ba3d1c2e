"""The trending score."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE

from bearhug.hub.downloads import store as downloads

TODAY = datetime.now(UTC).date()


def make(box: HubBox, name: str) -> int:
    assert box.post(ADA, "/api/repos/create", json={"name": name}).status_code == 200
    return next(repo.id for repo in box.app.repos.walk() if repo.name == name)


def score(box: HubBox, repo_id: int) -> float:
    return next(repo.trending for repo in box.app.repos.walk() if repo.id == repo_id)


def test_likes_fade_and_are_forgotten_after_weeks(box: HubBox) -> None:
    repo = make(box, "liked")
    for person in (BOB, EVE):
        assert box.post(person, "/api/models/ada/liked/like").status_code == 200
    assert box.app.trending.score_all(TODAY) == 1
    assert score(box, repo) == pytest.approx(2.0)
    box.app.trending.score_all(TODAY + timedelta(days=7))
    assert score(box, repo) == pytest.approx(1.0)
    box.app.trending.score_all(TODAY + timedelta(days=40))
    assert score(box, repo) == 0


def test_downloads_count_by_their_doublings(box: HubBox) -> None:
    few, many = make(box, "few"), make(box, "many")
    with box.app.db.writing() as tx:
        downloads.add(tx, {few: 1, many: 1023}, TODAY)
    box.app.trending.score_all(TODAY)
    assert [score(box, few), score(box, many)] == pytest.approx([1.0, 10.0])


def test_what_did_not_change_is_not_written(box: HubBox) -> None:
    repo = make(box, "quiet")
    with box.app.db.writing() as tx:
        downloads.add(tx, {repo: 3}, TODAY)
    assert box.app.trending.score_all(TODAY) == 1
    assert box.app.trending.score_all(TODAY) == 0


def test_lists_begin_with_what_trends(box: HubBox) -> None:
    make(box, "still")
    lively = make(box, "lively")
    make(box, "asleep")
    with box.app.db.writing() as tx:
        downloads.add(tx, {lively: 9}, TODAY)
    box.app.trending.score_all(TODAY)
    names = [model["id"] for model in box.get(ADA, "/api/models?sort=trendingScore").json()]
    assert names[0] == "ada/lively"
