"""A round a day, in the mill."""

from typing import Any

from bearhug.base.events import Bus
from bearhug.base.worker import Handle, Run
from bearhug.hub.recycling.records import Step
from bearhug.hub.recycling.service import Recycling

DAILY = "recycling.daily"
DAY = 24 * 3600.0


class RecyclingJobs:
    """What the mill does to give room back."""

    def __init__(self, recycling: Recycling, bus: Bus) -> None:
        self._recycling = recycling
        self._bus = bus

    def handlers(self) -> dict[str, Handle]:
        return {DAILY: self.daily}

    def begin(self) -> None:
        """At the start: see that a round is planned."""
        with self._recycling.db.writing() as tx:
            self._bus.enqueue(tx, DAILY, {}, key=DAILY, delay=DAY)

    def daily(self, _payload: dict[str, Any], run: Run) -> None:
        self.begin()
        freed = 0
        for number, discard in enumerate(self._recycling.round(mend=True)):
            freed += discard.size if discard.step is Step.REMOVE else 0
            if number % 1000 == 0:
                run.report(None, f"{freed} bytes freed so far")
        run.report(1.0, f"{freed} bytes freed")
