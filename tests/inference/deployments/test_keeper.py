"""What is kept is loaded after a start, and what people want is followed."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.inference.deployments.conftest import MIB, Echoes, deploy
from tests.inference.workers.test_workers import Ear, wait_for
from tests.people import ADA, EVE
from tests.repowork import commit

from bearhug.base import clock
from bearhug.inference.deployments import keeper as keeping
from bearhug.inference.deployments import store
from bearhug.inference.deployments.keeper import Keeper
from bearhug.inference.workers.records import Limits, State

PATIENT = 30.0


class House:
    """The hub and its keeper, looked at step by step."""

    def __init__(self, hub: HubBox) -> None:
        self.hub = hub
        self.workers = hub.app.workers
        self.keeper = Keeper(hub.app.deployments)

    def told(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.hub.get(ADA, f"/api/deployments/{number}").json()
        return found

    def until(self, number: int, state: str) -> dict[str, Any]:
        return self.once(lambda: self.told(number), lambda told: told["state"] == state)

    def once(self, look: Callable[[], Any], is_so: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + PATIENT
        while not is_so(found := look()):
            assert time.monotonic() < deadline, found
            self.keeper.step()
            time.sleep(0.02)
        return found

    def long_ago(self) -> None:
        """Nothing was started lately."""
        with self.hub.app.db.writing() as tx:
            for one in store.every(tx, limit=100):
                store.change(tx, one.id, started_at=clock.now() - timedelta(hours=1))


@pytest.fixture
def house(hub: HubBox, echoes: Echoes) -> House:
    return House(hub)


def test_kept_models_are_loaded_after_a_start_one_after_another(house: House) -> None:
    first, second = deploy(house.hub, keep=True), deploy(house.hub, "ada/secret", keep=True)
    lazy = deploy(house.hub, "lab/team")
    house.long_ago()
    house.keeper.step()
    assert [one.label for one in house.workers.standings()] == ["ada/chat"]
    house.until(first, "ready")
    house.until(second, "ready")
    assert house.told(lazy)["state"] == "idle"
    assert house.told(first)["load"]["loadedSince"]


def test_what_is_started_is_loaded_once(house: House) -> None:
    number = deploy(house.hub)
    house.until(number, "ready")
    house.workers.unload(house.workers.standings()[0].key)
    for _ in range(3):
        house.keeper.step()
    assert house.told(number)["state"] == "idle"
    house.hub.post(ADA, f"/api/deployments/{number}/start")
    house.until(number, "ready")


def test_calls_under_way_are_told_of_a_stop(house: House, tmp_path: Path) -> None:
    number = deploy(house.hub)
    plan = house.hub.app.gateway.plan(house.hub.actor(EVE), "ada/chat")
    ear = Ear()
    house.workers.submit(plan, {"do": "sleep", "seconds": 60, "began": str(tmp_path / "began")}, ear)
    wait_for(tmp_path / "began")
    told = house.hub.post(ADA, f"/api/deployments/{number}/stop").json()
    assert (told["state"], told["load"]["running"]) == ("stopped", 0)
    assert ear.ended.wait(PATIENT)
    assert ear.error is not None
    assert ear.error.message == "This deployment was stopped."
    assert house.workers.standings() == []


def test_a_stop_that_somebody_wrote_into_the_row_is_followed(house: House) -> None:
    number = deploy(house.hub, keep=True)
    house.until(number, "ready")
    with house.hub.app.db.writing() as tx:
        store.change(tx, number, wanted="stopped")
    house.keeper.step()
    assert house.workers.standings() == []
    house.keeper.step()
    assert house.workers.standings() == []


def test_a_worker_that_another_deployment_needs_too_goes_on(house: House) -> None:
    first, second = deploy(house.hub), deploy(house.hub, name=":same")
    house.until(first, "ready")
    house.until(second, "ready")
    assert len(house.workers.standings()) == 1
    house.hub.post(ADA, f"/api/deployments/{first}/stop")
    assert house.told(first)["state"] == "stopped"
    assert house.told(second)["state"] == "ready"
    house.hub.post(ADA, f"/api/deployments/{second}/stop")
    assert house.workers.standings() == []


def test_a_killed_worker_of_a_kept_model_comes_back_and_is_counted(house: House) -> None:
    number = deploy(house.hub, keep=True)
    house.until(number, "ready")
    house.keeper.step()
    standing = house.workers.standings()[0]
    os.kill(standing.pid, signal.SIGKILL)
    back = house.once(house.workers.standings, lambda all_: bool(all_) and all_[0].pid != standing.pid)[0]
    assert back.restarts == 1
    told = house.until(number, "ready")
    assert told["load"]["restarts"] == 1
    log = house.hub.get(ADA, f"/api/deployments/{number}/logs").text
    assert log.count("=== started") == 2


def test_the_log_of_a_dead_worker_can_be_read_and_the_reason_too(house: House) -> None:
    number = deploy(house.hub)
    house.until(number, "ready")
    standing = house.workers.standings()[0]
    os.kill(standing.pid, signal.SIGKILL)
    house.once(house.workers.standings, lambda found: not found)
    told = house.told(number)
    assert (told["state"], told["load"]["restarts"]) == ("idle", 1)
    assert "killed" in told["trouble"]
    assert "=== started" in house.hub.get(ADA, f"/api/deployments/{number}/logs").text


def test_a_model_that_cannot_be_loaded_says_why_and_is_tried_again_later(house: House, echoes: Echoes) -> None:
    echoes.broken.add("ada/chat")
    number, other = deploy(house.hub, keep=True), deploy(house.hub, "ada/secret", keep=True)
    told = house.until(number, "failed")
    assert told["trouble"] == "The weights are torn."
    house.until(other, "ready")
    for _ in range(3):
        house.keeper.step()
    assert len(house.workers.standings()) == 1
    echoes.broken.clear()
    house.hub.post(ADA, f"/api/deployments/{number}/start")
    assert house.until(number, "ready")["trouble"] is None


def test_more_than_the_memory_of_all_models_is_refused_honestly(house: House, echoes: Echoes) -> None:
    house.workers.limits = Limits(memory=200 * MIB)
    echoes.memory["ada/chat"] = 300 * MIB
    number = deploy(house.hub, keep=True)
    assert "needs about 0.3 GiB" in house.until(number, "failed")["trouble"]


def test_kept_models_do_not_push_each_other_out(house: House, echoes: Echoes) -> None:
    house.workers.limits = Limits(memory=200 * MIB)
    echoes.memory |= {"ada/chat": 150 * MIB, "ada/secret": 195 * MIB}
    first, second = deploy(house.hub, keep=True), deploy(house.hub, "ada/secret", keep=True)
    house.until(first, "ready")
    house.keeper.step()
    told = house.until(second, "failed")
    assert "leave no room for ada/secret" in told["trouble"]
    assert house.told(first)["state"] == "ready"


def test_a_kept_model_follows_its_branch(house: House) -> None:
    number = deploy(house.hub, keep=True)
    house.until(number, "ready")
    before = house.workers.standings()[0].key
    head = commit(house.hub, "ada/chat", {"config.json": '{"new": 1}'})
    house.once(house.workers.standings, lambda found: any(head in one.key for one in found))
    house.until(number, "ready")
    assert before not in {one.key for one in house.workers.standings() if one.state is State.LOADING}


def test_changed_options_are_loaded_in_place_of_the_old(house: House) -> None:
    number = deploy(house.hub, keep=True)
    house.until(number, "ready")
    before = house.workers.standings()[0].key
    changed = house.hub.ask("PATCH", ADA, f"/api/deployments/{number}", json={"context": 128})
    assert changed.json()["context"] == 128
    house.once(house.workers.standings, lambda found: bool(found) and before not in {one.key for one in found})
    house.until(number, "ready")


def test_the_keeper_works_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.05)
    number = deploy(house.hub, keep=True)
    house.keeper.begin()
    deadline = time.monotonic() + PATIENT
    while house.told(number)["state"] != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    house.keeper.close()


def test_a_hub_without_deployments_is_asked_little(house: House) -> None:
    with house.hub.counting() as statements:
        house.keeper.step()
    assert len(statements) <= 1
