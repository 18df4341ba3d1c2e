"""What administrators look at, without changing it."""

from itertools import islice

from bearhug.base import events
from bearhug.base.db import Database
from bearhug.base.errors import NotFound
from bearhug.base.events import Job
from bearhug.hub.admin import store
from bearhug.hub.admin.records import Act, Holder, Sought, Totals
from bearhug.hub.recycling.records import Discard
from bearhug.hub.recycling.service import Recycling
from bearhug.hub.repos.records import Repo
from bearhug.hub.storage.records import House
from bearhug.hub.storage.service import Storage

LARGEST = 20
MOST_IDLE = 200


class Survey:
    """Numbers and lists."""

    def __init__(self, db: Database, storage: Storage, recycling: Recycling) -> None:
        self.db = db
        self._storage = storage
        self._recycling = recycling

    def glance(self) -> tuple[Totals, dict[str, int], Job | None]:
        """Totals, jobs by state, and the one that has waited for longest."""
        with self.db.reading() as tx:
            return store.totals(tx), events.tally(tx), events.oldest_due(tx)

    def storage(self) -> tuple[House, list[Holder], list[Repo]]:
        """The hub, its largest owners, its largest repositories."""
        house = self._storage.of_house()
        with self.db.reading() as tx:
            largest, _ = store.found_repos(tx, "", Sought(order="size"), rows=LARGEST)
            return house, store.holders(tx, LARGEST), largest

    def idle(self) -> list[Discard]:
        """What a round of recycling would take a step further; nothing is touched."""
        return list(islice(self._recycling.round(mend=False), MOST_IDLE))

    def jobs(
        self, status: str, kind: str, *, before: int | None, limit: int
    ) -> tuple[list[Job], dict[str, int], list[str], Job | None]:
        """Jobs, how many there are in each state, which kinds there are, and the one that has waited for longest."""
        with self.db.reading() as tx:
            found = events.listing(tx, limit=limit, before=before, status=status, kind=kind)
            return found, events.tally(tx), events.kinds(tx), events.oldest_due(tx)

    def job(self, job_id: int) -> Job:
        with self.db.reading() as tx:
            job = events.one(tx, job_id)
        if job is None:
            raise NotFound("There is no such job; jobs that are done are forgotten after a week.")
        return job

    def acts(self, *, before: int | None, limit: int, words: str = "") -> list[Act]:
        with self.db.reading() as tx:
            return store.noted(tx, before=before, limit=limit, words=words)
