"""CPU seconds and memory of a process and its children, from /proc."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Cost:
    """What some work took: of the clock, and of the processors."""

    wall: float
    cpu: float


def family(pid: int) -> list[int]:
    """The process and all that it started."""
    found = [pid]
    for one in found:
        for task in (PROC / str(one) / "task").glob("*/children"):
            found += [int(child) for child in _read(task).split()]
    return found


def cpu_seconds(pid: int) -> float:
    """Of the whole family, its dead and waited-for children too."""
    return sum(sum(_ticks(one)) for one in family(pid)) / TICKS


def own_cpu_seconds(pid: int) -> float:
    """Of the process alone."""
    return sum(_ticks(pid)[:2]) / TICKS


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory of the family in MB, or the most it has been since `forget_peak`."""
    label = "VmHWM:" if peak else "VmRSS:"
    lines = [line for one in family(pid) for line in _read(PROC / str(one) / "status").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith(label)) * 1024 / 1e6


def forget_peak(pid: int) -> None:
    for one in family(pid):
        (PROC / str(one) / "clear_refs").write_text("5")


def cost(work: Callable[[], object], *, of: int | None = None) -> Cost:
    """One run: CPU of process `of` and its family, or without it of the children of this process."""
    probe: Callable[[], float] = _children_seconds if of is None else partial(cpu_seconds, of)
    spent, started = probe(), time.perf_counter()
    work()
    return Cost(time.perf_counter() - started, probe() - spent)


def rest(pid: int) -> None:
    """Wait until a server has done what it does by itself after a write, or for two minutes."""
    before = -1.0
    for _ in range(120):
        now = cpu_seconds(pid)
        if now - before < 0.02:
            return
        before = now
        time.sleep(1)


def typical(costs: list[Cost]) -> Cost:
    return Cost(median(one.wall for one in costs), median(one.cpu for one in costs))


def run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: bytes = b"") -> str:
    """Run a program to its end; what it printed, or an error that shows why it failed."""
    done = subprocess.run(command, cwd=cwd, env=env, input=stdin, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} -> {done.returncode}\n{done.stderr.decode(errors='replace')[-1000:]}")
    return done.stdout.decode(errors="replace")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _children_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _ticks(pid: int) -> list[int]:
    """Of the processor: its own in user and in system mode, then those of its ended children."""
    return [int(ticks) for ticks in _read(PROC / str(pid) / "stat").rpartition(")")[2].split()[11:15]]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has just ended
        return ""
