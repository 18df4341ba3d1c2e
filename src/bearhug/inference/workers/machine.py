"""Worker processes and the machine: what they are told, what they may take, how they end."""

import hashlib
import os
import re
import resource
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

OWN_PYTHON = (sys.executable, "-I")
MOST_FILES = 4096
PROC = Path("/proc")
NVIDIA = Path("/dev")
CHILD_SECONDS = 3.0
TIDY_SECONDS = 1.0
LONGEST_LOG = 256 << 10
LOG_TAIL = 64 << 10
"""Bytes of older lives that a log keeps when it has become too long."""


def environment(home: Path, threads: int) -> dict[str, str]:
    """All that a worker's environment holds: no secrets of the hub, no way to a public hub."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HOME": str(home / "hf"),
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
        "OMP_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def restrain() -> None:
    """Called by the worker about itself: last to get the processor, first to go when memory ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.nice(5)
    score = PROC / "self" / "oom_score_adj"
    if score.exists():
        score.write_text("500")


def limit_files(size: int) -> None:
    """No file that the worker writes from now on gets longer than `size` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def memory_of(pid: int) -> int | None:
    """Bytes of memory that a process holds; None where the system does not tell."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * resource.getpagesize()


def memory_of_group(leader: int) -> int | None:
    """Bytes of memory that a worker and the programs that it started hold; what they share counts once."""
    total = memory_of(leader)
    if total is None:
        return None
    for pid in _members(leader):
        with suppress(OSError, ValueError):  # it has just ended
            _, held, shared, *_ = (PROC / str(pid) / "statm").read_text().split()
            total += (int(held) - int(shared)) * resource.getpagesize()
    return total


def end_group(leader: int, seconds: float) -> None:
    """Kill a worker with all that it started, also when it is dead itself but not waited for yet.

    Programs that ignore polite requests to end are those that tidy up after others (shared memory): they get `seconds`.
    """
    if leader == 0:  # it never began, and 0 is the group of whoever asks: the hub itself
        return
    with suppress(ProcessLookupError):
        if seconds:
            for pid in (leader, *_members(leader)):
                if not _ignores_term(pid):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + seconds
            while _members(leader) and time.monotonic() < deadline:
                time.sleep(0.02)
        os.killpg(leader, signal.SIGKILL)


def _members(leader: int) -> list[int]:
    """Processes of a worker's group besides itself; those that only wait to be forgotten do not count."""
    found = []
    for place in PROC.glob("[0-9]*"):
        try:
            state, _, group, *_ = (place / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(group) == leader and int(place.name) != leader and state != "Z":
            found.append(int(place.name))
    return found


def _ignores_term(pid: int) -> bool:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
        ignored = next(int(line.split()[1], 16) for line in lines if line.startswith("SigIgn:"))
    except (OSError, ValueError, StopIteration):
        return False
    return bool(ignored >> (signal.SIGTERM - 1) & 1)


def end_children() -> None:
    """Called by the worker about its own end: what it started is asked to end, and waited for a little."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + CHILD_SECONDS
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)


def ending(code: int) -> str:
    """How a process ended, for its callers."""
    if code == -signal.SIGKILL:
        return "The worker of this model was killed, by a person or for want of memory. It starts again when asked."
    if code < 0:
        return f"The worker of this model died of {signal.Signals(-code).name}. It starts again when asked."
    return "The worker of this model has ended. It starts again when asked."


def file_name(key: str) -> str:
    """A file name for a plan's key: readable, and its own."""
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', key)[:80]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def log_of(home: Path, key: str) -> Path:
    """Where the worker of a plan writes; the file outlives the worker."""
    return home / f"{file_name(key)}.log"


def opened_log(path: Path) -> BinaryIO:
    """The log, for another life of its worker: what the last ones wrote stays above."""
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        kept = tail(path, LOG_TAIL)
        path.write_text(kept, "utf-8")
    opened = path.open("ab")
    opened.write(f"=== started {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
    opened.flush()
    return opened


def tail(path: Path, size: int) -> str:
    """The end of a file, in whole lines where it is long; empty for one that is not there."""
    try:
        with path.open("rb") as file:
            start = max(path.stat().st_size - size, 0)
            file.seek(start)
            read = file.read(size)
    except FileNotFoundError:
        return ""
    return (read.partition(b"\n")[2] if start else read).decode("utf-8", "replace")


def has_gpu() -> bool:
    """Whether there is a GPU that vLLM runs on."""
    return any(NVIDIA.glob("nvidia[0-9]*"))


def total_memory() -> int:
    """Bytes of memory that this machine has."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
