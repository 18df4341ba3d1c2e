"""Keeps the workers: starts them when they are asked, makes room, starts dead ones again, ends idle ones."""

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Collection
from pathlib import Path
from typing import Any

from bearhug.base.errors import HubError, NotReady, Unprocessable
from bearhug.inference.workers import machine
from bearhug.inference.workers.nursery import Nursery
from bearhug.inference.workers.records import End, Ending, Limits, Listener, Piece, Plan, Standing, State
from bearhug.inference.workers.worker import Question, Worker

log = logging.getLogger("bearhug.inference")

LOOK_SECONDS = 1.0
FORGIVEN = 3
"""Deaths within a minute after which a worker is not started again by itself."""
MINUTE = 60.0
START_SECONDS = 8.0
BYTES_A_SECOND = 150e6
SETTLED = 60.0
"""Seconds without a call after which a model makes room for one that nobody has asked yet."""
MOST_ENDINGS = 1000
UNLOADED = "This model was unloaded."


class Ticket:
    """A call on its way: its worker's state, and how to leave."""

    def __init__(self, workers: "Workers", plan: Plan, question: Question) -> None:
        self._workers = workers
        self._question = question
        self.plan = plan

    def leave(self) -> None:
        """The caller went away: a waiting call never starts, a running one is told to stop."""
        self._workers.leave(self.plan.key, self._question)

    def standing(self) -> Standing | None:
        return self._workers.standing(self.plan.key)


class Workers:
    """All workers of this hub. `home` is where they live and write their logs."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self.limits = limits
        self._home = home
        self._nursery = Nursery(home, limits)
        self._lock = threading.RLock()
        self._workers: dict[str, Worker] = {}
        self._deaths: dict[str, deque[float]] = {}
        self._restarts: Counter[str] = Counter()
        self._endings: dict[str, Ending] = {}
        self._kept: frozenset[str] = frozenset()
        self._watch: threading.Thread | None = None
        self._closing = threading.Event()

    # asking ------------------------------------------------------------------------------------------------

    def submit(self, plan: Plan, data: Any, listen: Listener, *, blob: bytes = b"") -> Ticket:
        """Ask the worker of a plan, starting it if need be. `listen` hears every piece and then the end."""
        question = Question(data, blob, listen)
        self._worker(plan).ask(question)
        return Ticket(self, plan, question)

    def warm(self, plan: Plan) -> None:
        """Load without asking anything; room is made only by models that nobody uses at present."""
        self._worker(plan, gently=True)

    def keep(self, keys: Collection[str]) -> None:
        """From now on workers of these keys, and of no others, stay when idle and are the last to make room."""
        self._kept = frozenset(keys)

    def aside(self, key: str, data: Any, *, within: float) -> Any:
        """Ask a loaded worker about itself, out of turn and uncounted; None where no answer comes in time."""
        heard: queue.SimpleQueue[Piece | End] = queue.SimpleQueue()
        with self._lock:
            worker = self._workers.get(key)
        if worker is None or not worker.ask_aside(Question(data, b"", heard.put)):
            return None
        try:
            said = heard.get(timeout=within)
        except queue.Empty:
            return None
        return said.data if isinstance(said, Piece) else None

    def leave(self, key: str, question: Question) -> None:
        with self._lock:
            worker = self._workers.get(key)
        if worker is not None:
            worker.leave(question)

    def unload(self, key: str, reason: str = UNLOADED) -> bool:
        """End a worker; whoever waits for it is told the reason."""
        with self._lock:
            worker = self._workers.pop(key, None)
        if worker is None:
            return False
        worker.stop(NotReady(reason))
        worker.join()
        return True

    def release(self, key: str) -> bool:
        """End a worker that is idle; one that is busy ends by itself later."""
        with self._lock:
            worker = self._workers.get(key)
            if worker is None or worker.is_busy:
                return False
            del self._workers[key]
        worker.stop()
        return True

    def _worker(self, plan: Plan, *, gently: bool = False) -> Worker:
        with self._lock:
            if self._closing.is_set():
                raise NotReady("This hub is stopping.")
            worker = self._workers.get(plan.key)
            if worker is None or worker.state is State.STOPPED:
                self._make_room(plan, gently=gently)
                worker = self._start(plan)
            return worker

    def _start(self, plan: Plan) -> Worker:
        self._home.mkdir(parents=True, exist_ok=True)
        worker = Worker(plan, self.limits, self._nursery, self._gone)
        self._workers[plan.key] = worker
        if self._watch is None:
            self._watch = threading.Thread(target=self._look_after, daemon=True, name="workers")
            self._watch.start()
        return worker

    def _make_room(self, plan: Plan, *, gently: bool) -> None:
        """End idle workers, the longest idle first and kept ones last, until the new one fits.

        `gently` leaves those alone that are kept or were asked a moment ago.
        """
        if plan.memory > self.limits.memory:
            raise Unprocessable(
                f"{plan.label} needs about {_gib(plan.memory)} of memory, and all models of this hub together may use "
                f"{_gib(self.limits.memory)}."
            )
        idle = sorted((one for one in self._workers.values() if not one.is_busy), key=self._worth)
        if gently:
            idle = [one for one in idle if one.plan.key not in self._kept and time.time() - one.used > SETTLED]
        while idle and self._used() + plan.memory > self.limits.memory:
            worker = idle.pop(0)
            del self._workers[worker.plan.key]
            worker.stop()
        if self._used() + plan.memory > self.limits.memory:
            raise NotReady(
                f"The models that work at the moment leave no room for {plan.label}. Try again when they are done.",
                headers={"retry-after": "15"},
                estimated_time=15.0,
            )

    def _worth(self, worker: Worker) -> tuple[bool, float]:
        return worker.plan.key in self._kept, worker.used

    def _used(self) -> int:
        return sum(worker.memory for worker in self._workers.values())

    # care --------------------------------------------------------------------------------------------------

    def _gone(self, worker: Worker, reason: HubError) -> None:
        """A process has ended: questions it never began go to a new one, unless it cannot even load."""
        plan, waiting = worker.plan, list(worker.waiting)
        with self._lock:
            if self._workers.get(plan.key) is worker:
                del self._workers[plan.key]
                self._note(worker, reason)
            again = bool(waiting) and not worker.dismissed and self.may_start(plan.key)
            if again and not self._closing.is_set():
                successor = self._workers.get(plan.key) or self._start(plan)
                successor.take_over(waiting)
                return
        for question in waiting:
            question.listen(End(reason))

    def _note(self, worker: Worker, reason: HubError) -> None:
        """A worker ended that nobody had told to."""
        key = worker.plan.key
        self._endings[key] = Ending(time.time(), reason.message)
        while len(self._endings) > MOST_ENDINGS:
            del self._endings[next(iter(self._endings))]
        if not worker.dismissed:
            self._restarts[key] += 1
            self._deaths.setdefault(key, deque(maxlen=FORGIVEN)).append(time.monotonic())

    def may_start(self, key: str) -> bool:
        """Whether a worker of this key may be started by itself: not when its processes died again and again."""
        deaths = self._deaths.setdefault(key, deque(maxlen=FORGIVEN))
        return len(deaths) < FORGIVEN or time.monotonic() - deaths[0] > MINUTE

    def _look_after(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            with self._lock:
                workers = list(self._workers.values())
            for worker in workers:
                self._look_at(worker)
            self._nursery.tend(busy=bool(workers))

    def _look_at(self, worker: Worker) -> None:
        worker.measure()
        overdue = worker.overdue
        if overdue:
            worker.stop(Unprocessable(overdue))
        elif worker.memory > self.limits.memory:
            worker.stop(Unprocessable("The model took more memory than all models of this hub may use."))
        elif self._is_forgotten(worker):
            self._retire(worker)

    def _is_forgotten(self, worker: Worker) -> bool:
        if worker.is_busy or worker.plan.key in self._kept:
            return False
        return time.time() - worker.used > self.limits.idle_seconds

    def _retire(self, worker: Worker) -> None:
        with self._lock:
            if worker.is_busy or self._workers.get(worker.plan.key) is not worker:
                return
            del self._workers[worker.plan.key]
        worker.stop()

    def close(self) -> None:
        """End every worker."""
        self._closing.set()
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.stop(NotReady("This hub is stopping."))
        for worker in workers:
            worker.join()
        self._nursery.close()

    # telling -----------------------------------------------------------------------------------------------

    def standings(self) -> list[Standing]:
        """How every worker stands, the most recently used first."""
        with self._lock:
            workers = sorted(self._workers.values(), key=lambda one: -one.used)
            return [self._told(worker) for worker in workers]

    def standing(self, key: str) -> Standing | None:
        with self._lock:
            worker = self._workers.get(key)
            return self._told(worker) if worker is not None else None

    def log_of(self, key: str) -> str:
        """The end of what a worker wrote, in its last life or the one before; empty where there was none."""
        return machine.tail(machine.log_of(self._home, key), machine.LOG_TAIL)

    def ending(self, key: str) -> Ending | None:
        """How the last worker of this key ended, if nobody had told it to."""
        return self._endings.get(key)

    def restarts(self, key: str) -> int:
        """How many processes of this key have died."""
        return self._restarts[key]

    def _told(self, worker: Worker) -> Standing:
        left = 0.0
        if worker.state is State.LOADING:
            left = max(_load_seconds(worker.plan) - (time.time() - worker.since), 1.0)
        return worker.standing(self._restarts[worker.plan.key], left)


def _load_seconds(plan: Plan) -> float:
    """How long loading takes, roughly: libraries first, then bytes."""
    return START_SECONDS + plan.memory / BYTES_A_SECOND


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB"
