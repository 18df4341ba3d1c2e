"""How the hub stands: what is in it, what waits, and what its process takes."""

import resource
import shutil
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bearhug.base import clock
from bearhug.base.census import Census
from bearhug.base.events import Job
from bearhug.hub.admin.records import Totals
from bearhug.hub.admin.survey import Survey
from bearhug.hub.metrics.records import Family, counter, gauge
from bearhug.hub.storage.records import House
from bearhug.hub.storage.service import Storage

GLANCE_SECONDS = 5.0
HOUSE_SECONDS = 300.0
STATES = ("waiting", "running", "failed")
SELF = Path("/proc/self")
"""Where Linux tells of a process."""
Glance = tuple[Totals, dict[str, int], Job | None]


class Metrics:
    """Numbers that cost next to nothing: counts of rows are kept for a while, those of bytes for longer."""

    def __init__(self, survey: Survey, storage: Storage, data: Path) -> None:
        self._data = data
        self._database = "sqlite" if survey.db.is_sqlite else "postgresql"
        self._glances: Census[Glance] = Census(lambda _: survey.glance(), fresh=GLANCE_SECONDS)
        self._houses: Census[House] = Census(lambda _: storage.of_house(), fresh=HOUSE_SECONDS)
        self._begun = time.time()

    def families(self) -> list[Family]:
        """Everything but what was asked of the hub."""
        glance = self._glances.of("")
        return [*self._process(), *self._room(), *_rows(*glance), *_house(self._houses.of(""))]

    def _process(self) -> Iterator[Family]:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        versions = {"version": version("bearhug"), "database": self._database}
        yield gauge("bearhug_info", "The version, and where rows are kept", 1, **versions)
        yield gauge("bearhug_uptime_seconds", "Since the hub began", round(time.time() - self._begun, 3))
        yield gauge("process_start_time_seconds", "When the hub began, since 1970", round(self._begun, 3))
        yield counter("process_cpu_seconds_total", "Of the hub itself", round(spent.ru_utime + spent.ru_stime, 3))
        yield gauge("process_threads", "Threads of the hub", threading.active_count())
        if SELF.is_dir():
            yield gauge("process_resident_memory_bytes", "Of the hub itself", _resident())
            yield gauge("process_open_fds", "Files and connections", sum(1 for _ in (SELF / "fd").iterdir()))
            yield gauge("bearhug_processes", "Processes that the hub runs: git, models", _children())

    def _room(self) -> Iterator[Family]:
        usage = shutil.disk_usage(self._data)
        yield gauge("bearhug_disk_size_bytes", "The disk under the data folder", usage.total)
        yield gauge("bearhug_disk_free_bytes", "What is free of it", usage.free)


def _resident() -> int:
    pages = int((SELF / "statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _children() -> int:
    tasks = (SELF / "task").glob("*/children")
    return sum(len(_read(task).split()) for task in tasks)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the thread has ended
        return ""


def _rows(totals: Totals, jobs: dict[str, int], oldest: Job | None) -> Iterator[Family]:
    yield gauge("bearhug_users", "Accounts of people", totals.people)
    yield gauge("bearhug_organizations", "Organizations", totals.orgs)
    kinds = [("", {"kind": kind}, count) for kind, count in sorted(totals.repos.items())]
    yield Family("bearhug_repositories", "gauge", "Repositories", kinds)
    states = [("", {"state": state}, jobs.get(state, 0)) for state in STATES]
    yield Family("bearhug_jobs", "gauge", "Background jobs that are not done", states)
    due = (clock.now() - oldest.run_at).total_seconds() if oldest and oldest.run_at else 0.0
    yield gauge("bearhug_oldest_due_job_seconds", "How long the first of the jobs that wait has been due", max(due, 0))


def _house(house: House) -> Iterator[Family]:
    sizes = {"chunks": house.xorb_bytes, "files": house.files, "cache": house.cached}
    samples = [("", {"kept_as": name}, size) for name, size in sizes.items()]
    yield Family("bearhug_store_bytes", "gauge", "Large files as they lie on the disk", samples)
    words = "Large files as long as they are, each repository for itself"
    yield gauge("bearhug_store_logical_bytes", words, house.account.logical)
