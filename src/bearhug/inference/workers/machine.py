"""Worker processes and the machine: what they are told, what they may take, how they end."""

import hashlib
import os
import re
import resource
import signal
import sys
from pathlib import Path

OWN_PYTHON = (sys.executable, "-I")
MOST_FILES = 4096
PROC = Path("/proc")


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


def total_memory() -> int:
    """Bytes of memory that this machine has."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
