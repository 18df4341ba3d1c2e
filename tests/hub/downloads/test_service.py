"""Counting downloads."""

from datetime import UTC, datetime, timedelta

from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.downloads import store
from bearhug.hub.repos.records import Repo


def make(box: HubBox, kind: str) -> Repo:
    box.post(ADA, "/api/repos/create", json={"name": kind, "type": kind})
    return next(repo for repo in box.app.repos.walk() if repo.kind == kind)


def counts(box: HubBox, repo: Repo) -> tuple[int, int]:
    found = next(found for found in box.app.repos.walk() if found.id == repo.id)
    return found.downloads, found.downloads_all


def test_a_model_counts_by_its_query_file(box: HubBox) -> None:
    repo = make(box, "model")
    for path in ("config.json", "model.safetensors", "x.gguf", "config.json"):
        box.app.downloads.note(repo, path, "eve")
    box.app.downloads.flush()
    assert counts(box, repo) == (3, 3)


def test_asking_and_fetching_is_one_download(box: HubBox) -> None:
    repo = make(box, "model")
    for asks in (True, False, True):
        box.app.downloads.note(repo, "config.json", "eve", asks=asks)
    box.app.downloads.note(repo, "config.json", "bob")
    box.app.downloads.flush()
    assert counts(box, repo) == (3, 3)


def test_a_dataset_counts_a_visitor_once_in_a_while(box: HubBox) -> None:
    repo = make(box, "dataset")
    for visitor in ("eve", "eve", "127.0.0.1"):
        box.app.downloads.note(repo, "data/train.parquet", visitor)
    box.app.downloads.flush()
    assert counts(box, repo) == (2, 2)


def test_old_days_leave_the_thirty_day_count_and_stay_in_the_total(box: HubBox) -> None:
    repo = make(box, "model")
    today = datetime.now(UTC).date()
    with box.app.db.writing() as tx:
        store.add(tx, {repo.id: 5, 999: 1}, today - timedelta(days=31))
        store.add(tx, {repo.id: 2}, today)
    box.app.downloads.roll()
    assert counts(box, repo) == (2, 7)
    assert box.app.downloads.days(repo) == {today: 2}
