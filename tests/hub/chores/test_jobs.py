"""What the hub does again and again."""

from sqlalchemy import select, update
from tests.hubbox import HubBox

from bearhug.base import clock
from bearhug.base.events import jobs
from bearhug.hub.chores.jobs import Chore, ChoreJobs


def waiting(box: HubBox) -> list[str]:
    with box.app.db.reading() as tx:
        return [row[0] for row in tx.execute(select(jobs.c.kind).where(jobs.c.status == "waiting"))]


def test_starting_twice_plans_every_chore_once(box: HubBox) -> None:
    box.app.chores.begin()
    box.app.chores.begin()
    planned = [kind for kind in waiting(box) if kind.startswith("chore.")]
    assert sorted(planned) == sorted(set(planned))
    assert {"chore.downloads", "chore.rows", "chore.trending"} <= set(planned)


def test_a_chore_that_ran_is_planned_again(box: HubBox) -> None:
    box.app.chores.begin()
    with box.app.db.writing() as tx:
        tx.execute(update(jobs).values(run_at=clock.now()))
    box.settle()
    assert "chore.trending" in waiting(box)
    with box.app.db.reading() as tx:
        done = select(jobs.c.kind).where(jobs.c.status == "done")
        assert "chore.trending" in [row[0] for row in tx.execute(done)]


def test_a_chore_that_fails_does_not_hold_up_its_next_time(box: HubBox) -> None:
    def work() -> None:
        raise ValueError("not today")

    chores = ChoreJobs(box.app.db, box.app.bus, [Chore("sad", 3600.0, work)])
    handle = chores.handlers()["chore.sad"]
    try:
        handle({}, None)  # type: ignore[arg-type]
    except ValueError:
        assert waiting(box) == ["chore.sad"]
