"""Workers: asked, full, left, killed, idle, too large."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bearhug.base.errors import BadRequest, HubError, NotReady, TooManyRequests, Unprocessable
from bearhug.inference.workers.asking import ask
from bearhug.inference.workers.records import End, Limits, Piece, Plan, State
from bearhug.inference.workers.supervisor import Workers

MIB = 1 << 20
PATIENT = 30.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "workers"


@pytest.fixture
def workers(home: Path) -> Iterator[Workers]:
    found = Workers(home, Limits(memory=1024 * MIB, waiting=4))
    yield found
    found.close()


PRELUDE = """
import runpy, sys
_, folder, _, module, link = sys.argv
sys.path.insert(0, folder)
sys.argv = [module, link]
runpy.run_module(module, run_name="__main__")
"""


def plan(key: str = "one", *, memory: int = 100 * MIB, width: int = 1, **options: Any) -> Plan:
    """A worker whose servant stands beside this file."""
    command = (sys.executable, "-I", "-c", PRELUDE, str(Path(__file__).parent))
    return Plan(key, key, "servants:Echo", options, memory=memory, width=width, command=command)


class Ear:
    """Hears an answer."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.ended = threading.Event()
        self.error: HubError | None = None

    def __call__(self, heard: Piece | End) -> None:
        if isinstance(heard, Piece):
            self.pieces.append(heard)
        else:
            self.error = heard.error
            self.ended.set()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + PATIENT
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_pieces_come_in_order_and_bytes_as_they_were(workers: Workers) -> None:
    blob = os.urandom(3 * MIB)
    pieces = ask(workers, plan(word="hm"), {"text": "你好", "times": 3}, blob=blob)
    assert [piece.data["at"] for piece in pieces] == [0, 1, 2]
    assert pieces[0].data["word"] == "hm"
    assert pieces[0].data["text"] == "你好"
    assert pieces[2].blob == blob


def test_what_a_servant_refuses_reaches_the_caller(workers: Workers) -> None:
    with pytest.raises(BadRequest, match="Not like this"):
        ask(workers, plan(), {"do": "refuse"})


def test_a_bug_in_a_servant_is_told_and_the_worker_lives_on(workers: Workers) -> None:
    with pytest.raises(Unprocessable, match="KeyError"):
        ask(workers, plan(), {"do": "trip"})
    assert "a bug" in workers.log_of("one")
    assert ask(workers, plan(), {"text": "still there"})[0].data["text"] == "still there"


def test_a_model_that_does_not_load_says_why(workers: Workers) -> None:
    with pytest.raises(Unprocessable, match="torn"):
        ask(workers, plan(word="broken"), {})
    assert workers.standing("one") is None


def test_a_worker_knows_nothing_of_the_hub(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HUB", "x")
    found = ask(workers, plan(), {"do": "environment"})[0].data
    assert "SECRET_OF_THE_HUB" not in found["names"]
    assert found["limit"] >= 5


def test_the_line_has_an_end(workers: Workers, tmp_path: Path) -> None:
    began = tmp_path / "began"
    long = workers.submit(plan(), {"do": "sleep", "seconds": 60, "began": str(began)}, Ear())
    wait_for(began)
    ears = [Ear() for _ in range(4)]
    for ear in ears:
        workers.submit(plan(), {"text": "me too"}, ear)
    with pytest.raises(TooManyRequests):
        workers.submit(plan(), {}, Ear())
    long.leave()
    assert all(ear.ended.wait(PATIENT) and ear.error is None for ear in ears)


def test_who_leaves_is_not_worked_for(workers: Workers, tmp_path: Path) -> None:
    began, ear, waiting = tmp_path / "began", Ear(), Ear()
    first = workers.submit(plan(), {"do": "sleep", "seconds": 60, "began": str(began)}, ear)
    second = workers.submit(plan(), {"text": "never mind"}, waiting)
    wait_for(began)
    second.leave()
    first.leave()
    assert ear.ended.wait(PATIENT)
    assert ask(workers, plan(), {"text": "next"})[0].data["text"] == "next"
    assert waiting.pieces == []


def test_calls_run_side_by_side_as_wide_as_the_plan(workers: Workers, tmp_path: Path) -> None:
    places = [tmp_path / str(number) for number in range(3)]
    tickets = [
        workers.submit(plan(width=3), {"do": "sleep", "seconds": 60, "began": str(place)}, Ear()) for place in places
    ]
    for place in places:
        wait_for(place)
    for ticket in tickets:
        ticket.leave()


def test_a_killed_worker_is_told_honestly_and_those_who_waited_are_served(workers: Workers, tmp_path: Path) -> None:
    began, hit, spared = tmp_path / "began", Ear(), Ear()
    workers.submit(plan(), {"do": "sleep", "seconds": 60, "began": str(began)}, hit)
    workers.submit(plan(), {"text": "after all"}, spared)
    wait_for(began)
    standing = workers.standing("one")
    assert standing is not None
    os.kill(standing.pid, signal.SIGKILL)
    assert hit.ended.wait(PATIENT)
    assert isinstance(hit.error, NotReady)
    assert "killed" in hit.error.message
    assert spared.ended.wait(PATIENT)
    assert spared.pieces[0].data["text"] == "after all"


def test_the_longest_idle_model_makes_room(workers: Workers) -> None:
    for key in ("a", "b"):
        ask(workers, plan(key, memory=500 * MIB), {})
    now = {one.key: one for one in workers.standings()}
    assert set(now) == {"a", "b"}
    workers.limits = Limits(memory=1024 * MIB, waiting=4)
    ask(workers, plan("c", memory=1000 * MIB), {})
    assert [one.key for one in workers.standings()] == ["c"]


def test_busy_models_are_not_pushed_out(workers: Workers, tmp_path: Path) -> None:
    began = tmp_path / "began"
    busy = workers.submit(plan("a", memory=800 * MIB), {"do": "sleep", "seconds": 60, "began": str(began)}, Ear())
    with pytest.raises(NotReady) as refused:
        ask(workers, plan("b", memory=900 * MIB), {})
    assert refused.value.fields["estimated_time"] > 0
    busy.leave()


def test_what_never_fits_is_refused_at_once(workers: Workers) -> None:
    with pytest.raises(Unprocessable, match=r"2\.0 GiB"):
        ask(workers, plan(memory=2048 * MIB), {})


def test_an_idle_worker_is_ended(home: Path) -> None:
    workers = Workers(home, Limits(memory=1024 * MIB, idle_seconds=0.1))
    ask(workers, plan(), {})
    standing = workers.standing("one")
    assert standing is not None
    deadline = time.monotonic() + PATIENT
    while workers.standing("one") is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers.close()


def test_a_call_that_takes_too_long_is_ended(home: Path, tmp_path: Path) -> None:
    workers = Workers(home, Limits(memory=1024 * MIB, call_seconds=0.3))
    with pytest.raises(Unprocessable, match="longer than"):
        ask(workers, plan(), {"do": "sleep", "seconds": 60, "began": str(tmp_path / "began")})
    workers.close()


def test_standings_tell_what_goes_on(workers: Workers) -> None:
    ask(workers, plan(), {})
    standing = workers.standing("one")
    assert standing is not None
    assert (standing.state, standing.done, standing.failed, standing.waiting) == (State.READY, 1, 0, 0)


def test_kept_models_stay_when_idle_and_are_the_last_to_make_room(home: Path) -> None:
    workers = Workers(home, Limits(memory=1024 * MIB, idle_seconds=0.1))
    workers.keep({"kept"})
    for key in ("kept", "other"):
        ask(workers, plan(key, memory=400 * MIB), {})
    deadline = time.monotonic() + PATIENT
    while workers.standing("other") is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert workers.standing("kept") is not None
    ask(workers, plan("large", memory=1020 * MIB), {})
    assert workers.standing("kept") is None
    workers.close()


def test_warming_up_pushes_nobody_out_who_was_asked_a_moment_ago(workers: Workers) -> None:
    ask(workers, plan("a", memory=900 * MIB), {})
    workers.limits = Limits(memory=1000 * MIB)
    with pytest.raises(NotReady, match="leave no room"):
        workers.warm(plan("b", memory=990 * MIB))
    assert workers.standing("a") is not None


def test_a_killed_worker_leaves_its_log_its_reason_and_a_count(workers: Workers, tmp_path: Path) -> None:
    ask(workers, plan(), {"do": "sleep", "seconds": 0, "began": str(tmp_path / "began")})
    with pytest.raises(Unprocessable):
        ask(workers, plan(), {"do": "trip"})
    first = workers.standing("one")
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENT
    while workers.standing("one") is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    ending = workers.ending("one")
    assert ending is not None
    assert "killed" in ending.reason
    assert "a bug" in workers.log_of("one")
    ask(workers, plan(), {})
    again = workers.standing("one")
    assert again is not None
    assert again.restarts == 1
    assert "a bug" in workers.log_of("one")
    assert workers.log_of("one").count("=== started") == 2


def test_a_worker_is_asked_about_itself_out_of_turn_and_uncounted(workers: Workers, tmp_path: Path) -> None:
    began = tmp_path / "began"
    assert workers.aside("one", {"text": "hm"}, within=5) is None
    long = workers.submit(plan(width=2), {"do": "sleep", "seconds": 60, "began": str(began)}, Ear())
    wait_for(began)
    before = workers.standing("one")
    told = workers.aside("one", {"text": "hm"}, within=PATIENT)
    assert told["text"] == "hm"
    after = workers.standing("one")
    assert before is not None
    assert after is not None
    assert (after.running, after.done) == (before.running, before.done)
    long.leave()


def test_a_worker_too_busy_to_tell_of_itself_is_left_in_peace(workers: Workers, tmp_path: Path) -> None:
    began = tmp_path / "began"
    long = workers.submit(plan(), {"do": "sleep", "seconds": 60, "began": str(began)}, Ear())
    wait_for(began)
    assert workers.aside("one", {"text": "hm"}, within=0.05) is None
    long.leave()


def test_a_worker_that_outgrows_the_budget_is_ended_and_says_why(workers: Workers, tmp_path: Path) -> None:
    began, hit = tmp_path / "began", Ear()
    workers.submit(plan(memory=MIB), {"do": "sleep", "seconds": 60, "began": str(began)}, hit)
    wait_for(began)
    workers.limits = Limits(memory=2 * MIB)
    assert hit.ended.wait(PATIENT)
    assert isinstance(hit.error, Unprocessable)
    assert "more memory than all models" in hit.error.message
    workers.limits = Limits(memory=1024 * MIB)
    assert ask(workers, plan(), {"text": "next"})[0].data["text"] == "next"
