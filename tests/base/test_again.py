"""Transactions that stand in each other's way: PostgreSQL undoes one, and its answer is begun anew."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert, text
from tests.hubbox import HubBox
from tests.people import ADA, LAB
from tests.postgres import Postgres

from bearhug.base.again import TRIES, Overtaken, keeps, persistently
from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.events import events
from bearhug.hub.accounts.tables import former_names, owners


@pytest.fixture(scope="module")
def shared(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubBox]:
    """A furnished hub on PostgreSQL that notices circles at once."""
    url = postgres.fresh()
    db = Database(url)
    with db.writing() as tx:
        name = tx.execute(text("SELECT current_database()")).scalar_one()
        tx.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'"))
    db.close()
    box = HubBox(tmp_path_factory.mktemp("circles"), database_url=url)
    box.furnish()
    yield box
    box.close()


def _side_by_side(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def _lock(tx: Tx, name: str) -> None:
    tx.execute(owners.update().where(owners.c.name == name).values(bio=owners.c.bio + "!"))


def test_two_that_wait_for_each_other_both_get_through(shared: HubBox) -> None:
    both = threading.Barrier(2)
    begun: list[str] = []

    def change(first: str, second: str) -> None:
        begun.append(first)
        with shared.app.db.writing() as tx:
            _lock(tx, first)
            if len(begun) <= 2:
                both.wait(10)
            _lock(tx, second)

    _side_by_side(lambda: persistently(change, "bob", "eve"), lambda: persistently(change, "eve", "bob"))
    assert len(begun) == 3
    assert [shared.app.accounts.get(name).bio for name in ("bob", "eve")] == ["!!", "!!"]


def test_a_rename_that_was_undone_is_done_by_the_same_request(shared: HubBox) -> None:
    """Somebody holds the former name that the rename writes, and wants the row that it holds."""
    token, answers = shared.token(ADA), []
    org = shared.app.orgs.get(LAB)

    def rename() -> None:
        headers = {"authorization": f"Bearer {token}"}
        answers.append(shared.http.post(f"/api/organizations/{LAB}/rename", json={"name": "pier"}, headers=headers))

    with shared.app.db.writing() as tx:
        tx.execute(text("SET LOCAL deadlock_timeout = '10s'"))
        tx.execute(insert(former_names).values(key=LAB, owner_id=org.id, at=org.created_at))
        thread = threading.Thread(target=rename)
        thread.start()
        _wait_for_a_waiting_one(shared.app.db)
        _lock(tx, LAB)
        tx.rollback()
    thread.join(20)
    assert [answer.status_code for answer in answers] == [200]
    assert shared.app.orgs.get("pier").id == org.id


def _wait_for_a_waiting_one(db: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(2000):
        with db.reading() as tx:
            if tx.execute(waiting).scalar_one():
                return
    pytest.fail("nobody waits")


def test_opposing_renames_and_moves_never_end_in_a_failure_of_the_hub(shared: HubBox) -> None:
    token, statuses = shared.token(ADA), set()
    headers = {"authorization": f"Bearer {token}"}
    for name in ("east", "west"):
        shared.app.orgs.create(shared.actor(ADA), name)

    def go(old: str, new: str) -> None:
        for _ in range(6):
            for one, other in ((old, new), (new, old)):
                path = f"/api/organizations/{one}/rename"
                statuses.add(shared.http.post(path, json={"name": other}, headers=headers).status_code)

    _side_by_side(*(lambda names=names: go(*names) for names in (("east", "mid"), ("mid", "west"), ("west", "east"))))
    assert 200 in statuses
    assert statuses <= {200, 307, 404, 409}


def test_what_was_kept_is_not_done_twice(shared: HubBox) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        with shared.app.db.writing() as tx:
            tx.execute(insert(events).values(kind="told", payload={}, at=shared.app.orgs.find(tx, "lab2").created_at))
        raise Overtaken

    shared.app.orgs.create(shared.actor(ADA), "lab2")
    with pytest.raises(Overtaken):
        persistently(work)
    assert tries == [1]


def test_who_is_always_undone_is_told_so_in_the_end() -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise Overtaken

    with pytest.raises(Overtaken) as caught:
        persistently(work)
    assert len(tries) == TRIES
    assert caught.value.http_status == 503
    assert caught.value.headers == {"retry-after": "1"}


def test_a_moved_reference_is_not_moved_twice() -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        keeps()
        raise Overtaken

    with pytest.raises(Overtaken):
        persistently(work)
    assert tries == [1]


def test_a_name_that_was_taken_in_the_same_moment_is_looked_at_again() -> None:
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise Duplicate("INSERT", {}, Exception("taken"))
        return "somebody has it"

    assert persistently(work) == "somebody has it"
