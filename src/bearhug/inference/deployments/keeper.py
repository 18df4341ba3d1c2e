"""Follows what people want: loads what is kept or was started, one after the other, and ends what was stopped."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bearhug.base import clock
from bearhug.base.errors import HubError
from bearhug.hub.access.records import Actor
from bearhug.inference.deployments import store
from bearhug.inference.deployments.records import Deployment, Wanted
from bearhug.inference.deployments.service import Deployments
from bearhug.inference.workers.records import Standing, State

log = logging.getLogger("bearhug.inference")

HUB = Actor(user_id=0, name="hub", is_admin=True)
"""The hub itself, which loads what people decided on."""
LOOK_SECONDS = 2.0
LATELY = timedelta(seconds=60)
"""How long ago a deployment may have been started that is not kept, to be loaded now."""
FIRST_PAUSE = 15.0
LONGEST_PAUSE = 900.0


@dataclass
class Attempt:
    """The last time that a deployment was loaded: as what it stood then, and when it is tried again if that failed."""

    asked: tuple[datetime, datetime, str]
    at: float
    pause: float = FIRST_PAUSE
    failed: bool = False
    stood: bool = False


class Keeper:
    """One thread; `step` is one look at the rows and the workers."""

    def __init__(self, deployments: Deployments) -> None:
        self._deployments = deployments
        self._workers = deployments.workers
        self._attempts: dict[int, Attempt] = {}
        self._news = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._loop, daemon=True, name="deployments")
        deployments.wake = self._news.set

    def begin(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _loop(self) -> None:
        while not self._closing:
            try:
                self.step()
            except SQLAlchemyError as error:
                log.warning("deployments have to wait: %s", error)
            self._news.wait(LOOK_SECONDS)
            self._news.clear()

    def step(self) -> None:
        """Stop what is loaded and should not be; begin to load one deployment that should be."""
        loaded = {one.key: one for one in self._workers.standings()}
        with self._deployments.repos.db.reading() as tx:
            known = store.of_workers(tx, list(loaded))
            wanted = [one for one in store.to_load(tx, clock.now() - LATELY) if not _is_shut(one)]
        self._workers.keep({one.worker for one in wanted if one.keep and one.worker})
        for one in known:
            if one.wanted is Wanted.STOPPED:
                self._deployments.unload(one)
        for one in wanted:
            self._look_at(one, loaded.get(one.worker))
        if not any(one.state is State.LOADING for one in loaded.values()):
            self._load_next(wanted, loaded)

    def _look_at(self, found: Deployment, standing: Standing | None) -> None:
        """Learn how the last attempt came out."""
        attempt = self._attempts.get(found.id)
        if standing is not None and standing.state is State.READY:
            if attempt is not None:
                attempt.stood, attempt.failed, attempt.pause = True, False, FIRST_PAUSE
            self._deployments.trouble(found, "")
        elif standing is None and attempt is not None and not attempt.stood and not attempt.failed:
            ending = self._workers.ending(found.worker)
            if ending is not None and ending.at >= attempt.at:
                self._fail(found, attempt, ending.reason)

    def _load_next(self, wanted: list[Deployment], loaded: dict[str, Standing]) -> None:
        for one in wanted:
            if self._is_due(one, loaded.get(one.worker)):
                self._load(one)
                return

    def _is_due(self, found: Deployment, standing: Standing | None) -> bool:
        attempt = self._attempts.get(found.id)
        if attempt is None or attempt.asked != _asked(found):
            return True
        if attempt.failed:
            return time.time() >= attempt.at + attempt.pause
        return found.keep and standing is None and self._workers.may_start(found.worker)

    def _load(self, found: Deployment) -> None:
        before = self._attempts.get(found.id)
        pause = before.pause if before is not None and before.asked == _asked(found) else FIRST_PAUSE
        attempt = self._attempts[found.id] = Attempt(_asked(found), time.time(), pause)
        try:
            plan = self._deployments.plan_of(HUB, found)
            self._workers.warm(plan)
        except HubError as error:
            self._fail(found, attempt, error.message)
        except OSError as error:
            self._fail(found, attempt, f"The files of this model could not be laid out: {error.strerror or error}.")

    def _fail(self, found: Deployment, attempt: Attempt, reason: str) -> None:
        log.warning("%s could not be loaded: %s", found.title, reason)
        attempt.failed, attempt.pause = True, min(attempt.pause * 2, LONGEST_PAUSE)
        self._deployments.trouble(found, reason)


def _asked(found: Deployment) -> tuple[datetime, datetime, str]:
    """What a deployment is loaded as: when one of these changes, it is loaded anew."""
    return found.started_at, found.changed_at, found.repo.head if found.repo and found.revision == "main" else ""


def _is_shut(found: Deployment) -> bool:
    return found.repo is not None and found.repo.disabled
