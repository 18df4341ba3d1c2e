"""Workers that are split off a process that has read the libraries already."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bearhug.base.errors import NotReady
from bearhug.inference.workers import nursery
from bearhug.inference.workers.asking import ask
from bearhug.inference.workers.records import Limits, Plan
from bearhug.inference.workers.supervisor import Workers

Make = Callable[[str], Path]
ASKED = {"inputs": "the film is good", "parameters": {}}
SERVANT = "bearhug.inference.tasks.servant:TaskServant"
PATIENT = 60.0


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """They share one stem: making it costs seconds."""
    found = Workers(tmp_path_factory.mktemp("workers"), Limits())
    yield found
    found.close()


@pytest.fixture
def plan(model: Make) -> Plan:
    options = {"task": "text-classification", "folder": str(model("bert-classifier"))}
    return Plan("mood", "ada/mood", SERVANT, options)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def pid_of(workers: Workers, plan: Plan) -> int:
    standing = workers.standing(plan.key)
    assert standing is not None
    return standing.pid


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_over(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_two_models_have_one_parent_and_answer_as_one_started_from_nothing(workers: Workers, plan: Plan) -> None:
    [first] = ask(workers, plan, ASKED)
    other = Plan("other", "ada/other", SERVANT, plan.options)
    [second] = ask(workers, other, ASKED)
    alone = Plan("alone", "ada/alone", SERVANT, plan.options, threads=1)  # another number of threads: no stem for that
    [third] = ask(workers, alone, ASKED)
    assert first.data == second.data
    assert [one["score"] for one in third.data] == pytest.approx([one["score"] for one in first.data], abs=1e-6)
    one, two = pid_of(workers, plan), pid_of(workers, other)
    assert parent_of(one) == parent_of(two) != os.getpid()
    assert parent_of(pid_of(workers, alone)) == os.getpid()
    assert (os.getsid(one), os.getpgid(two)) == (one, two)


def test_it_writes_to_its_own_log_and_knows_nothing_of_the_hub(workers: Workers, plan: Plan) -> None:
    ask(workers, plan, ASKED)
    pid = pid_of(workers, plan)
    assert str(Path(f"/proc/{pid}/fd/2").resolve()).endswith(".log")
    assert "mood" in str(Path(f"/proc/{pid}/fd/2").resolve())
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert not [one for one in environment if one.startswith((b"BEARHUG", b"PYTEST"))]
    opened = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    assert sum(one.startswith("socket:") for one in opened) == 1


def test_a_killed_one_is_told_of_and_begins_anew(workers: Workers, plan: Plan) -> None:
    ask(workers, plan, ASKED)
    pid = pid_of(workers, plan)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: workers.standing(plan.key) is None or pid_of(workers, plan) != pid)
    [again] = ask(workers, plan, ASKED)
    assert len(again.data) == 2
    assert is_over(pid)


def test_workers_outlive_their_stem_and_the_next_one_gets_another(workers: Workers, plan: Plan) -> None:
    ask(workers, plan, ASKED)
    pid = pid_of(workers, plan)
    stem = parent_of(pid)
    os.kill(stem, signal.SIGKILL)
    wait_until(lambda: is_over(stem))
    [answer] = ask(workers, plan, ASKED)
    assert len(answer.data) == 2
    assert pid_of(workers, plan) == pid
    workers.unload(plan.key)
    wait_until(lambda: is_over(pid))
    ask(workers, plan, ASKED)
    assert parent_of(pid_of(workers, plan)) not in (stem, os.getpid())


def test_one_that_is_unloaded_before_it_is_born_leaves_nothing(workers: Workers, plan: Plan) -> None:
    late = Plan("late", "ada/late", SERVANT, plan.options)
    workers.warm(late)
    workers.unload("late")
    assert workers.standing("late") is None


def test_a_stem_that_cannot_begin_holds_nobody_up(tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nursery, "STEM", "bearhug.no_such_module")
    found = Workers(tmp_path, Limits())
    try:
        [answer] = ask(found, plan, ASKED)
        assert len(answer.data) == 2
        assert parent_of(pid_of(found, plan)) == os.getpid()
        assert "no_such_module" in (tmp_path / "stem.log").read_text()
    finally:
        found.close()


def test_a_stem_ends_when_nobody_needs_it_and_with_the_hub(tmp_path: Path) -> None:
    limits = Limits(idle_seconds=0.2)
    found = nursery.Nursery(tmp_path, limits)
    plain = Plan("x", "x", SERVANT)
    left, right = socket.socketpair()
    with left, right, (tmp_path / "x.log").open("wb") as out:
        found.start(plain, right, out)
    [stem] = stems(os.getpid())
    found.tend(busy=True)
    assert not is_over(stem)
    time.sleep(0.3)
    found.tend(busy=False)
    wait_until(lambda: is_over(stem))
    found.close()


def stems(parent: int) -> list[int]:
    """Stems among the children of a process that are not of the shared fixture."""
    done = subprocess.run(["ps", "-o", "pid=,cmd=", "--ppid", str(parent)], capture_output=True, text=True, check=True)
    return [int(line.split()[0]) for line in done.stdout.splitlines() if nursery.STEM in line][-1:]


def test_who_waits_is_told_when_the_hub_stops(tmp_path: Path, plan: Plan) -> None:
    found = Workers(tmp_path, Limits())
    found.warm(plan)
    found.close()
    with pytest.raises(NotReady):
        ask(found, plan, ASKED)


def test_the_end_of_one_that_never_began_ends_nobody() -> None:
    words = "from bearhug.inference.workers.machine import end_group; end_group(0, 0); print('still here')"
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False, start_new_session=True
    )
    assert done.stdout == "still here\n"
