"""One worker as the hub sees it: a process, the calls it has in hand, and those that wait for it."""

import itertools
import logging
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bearhug.base.errors import HubError, NotReady, TooManyRequests
from bearhug.inference.workers import errors, machine
from bearhug.inference.workers.frames import BrokenFrame, Frame, receive, send
from bearhug.inference.workers.meter import Meter, told
from bearhug.inference.workers.nursery import Nursery
from bearhug.inference.workers.records import End, Limits, Listener, Piece, Plan, Standing, State

log = logging.getLogger("bearhug.inference")

STOP_SECONDS = 5.0
MOST_ASIDES = 4
_numbers = itertools.count(1)


@dataclass
class Question:
    """One call: what is asked, who hears the answer, and since when the worker has it in hand."""

    data: Any
    blob: bytes
    listen: Listener
    number: int = field(default_factory=lambda: next(_numbers))
    began: float = 0.0
    left: bool = False


class Worker:
    """Starts at once. `gone` is told when the process has ended, with the questions it never began."""

    def __init__(
        self, plan: Plan, limits: Limits, nursery: Nursery, gone: Callable[["Worker", HubError], None]
    ) -> None:
        self.plan = plan
        self.state = State.LOADING
        self.since = self.used = time.time()
        self.memory = plan.memory
        self.log = machine.log_of(nursery.home, plan.key)
        self.meter = Meter()
        self.waiting: deque[Question] = deque()
        self._limits = limits
        self._gone = gone
        self._running: dict[int, Question] = {}
        self._asides: dict[int, Question] = {}
        self._lock = threading.RLock()
        self._done = self._failed = 0
        self._reason: HubError | None = None
        self._link, theirs = socket.socketpair()
        with theirs, machine.opened_log(self.log) as log_file:
            self.process = nursery.start(plan, theirs, log_file)
        first = {
            "servant": plan.servant,
            "options": dict(plan.options),
            "width": plan.width,
            "largest_file": plan.largest_file,
        }
        self._reader = threading.Thread(target=self._read, args=(first,), daemon=True, name=f"worker {plan.label}")
        self._reader.start()

    # asking ------------------------------------------------------------------------------------------------

    def ask(self, question: Question) -> None:
        """Put a question in the line; `TooManyRequests` when the line is full, `NotReady` when nobody is there."""
        with self._lock:
            if self.state is State.STOPPED:
                raise NotReady
            if len(self.waiting) >= self._limits.waiting:
                raise TooManyRequests(
                    f"{len(self.waiting)} calls wait for this model already. Try again in a moment.",
                    headers={"retry-after": "5"},
                )
            self.waiting.append(question)
            self.used = time.time()
            self._feed()

    def ask_aside(self, question: Question) -> bool:
        """Ask about the worker itself, out of turn and uncounted; False where it cannot answer at the moment."""
        with self._lock:
            if self.state is not State.READY or len(self._asides) >= MOST_ASIDES:
                return False
            self._asides[question.number] = question
            self._send(Frame("call", question.number, question.data, question.blob))
        return True

    def take_over(self, questions: Iterable[Question]) -> None:
        """Questions of a worker that died before it began them; they are not counted against the line."""
        with self._lock:
            self.waiting.extend(questions)
            self._feed()

    def leave(self, question: Question) -> None:
        """The caller does not want the answer any more."""
        with self._lock:
            question.left = True
            if question in self.waiting:
                self.waiting.remove(question)
            elif question.number in self._running:
                self._send(Frame("cancel", question.number))

    def _feed(self) -> None:
        while self.state is State.READY and self.waiting and len(self._running) < self.plan.width:
            question = self.waiting.popleft()
            question.began = time.time()
            self._running[question.number] = question
            self._send(Frame("call", question.number, question.data, question.blob))

    def _send(self, frame: Frame) -> None:
        try:
            send(self._link, frame)
        except OSError:  # the worker has just died: whoever reads from it tells everybody
            log.info("The worker of %s hung up.", self.plan.label)

    # hearing -----------------------------------------------------------------------------------------------

    def _read(self, first: dict[str, Any]) -> None:
        self._send(Frame("load", data=first))
        try:
            while (frame := receive(self._link)) is not None:
                self._hear(frame)
        except BrokenFrame as error:
            log.warning("The worker of %s sent rubbish: %s", self.plan.label, error)
        with self._lock:
            self.state = State.STOPPED  # whoever asks from now on gets another worker
        if self.plan.forwards:  # time to end what it started
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(machine.CHILD_SECONDS + 0.5)
        machine.end_group(self.process.pid, machine.TIDY_SECONDS if self.plan.forwards else 0)
        code = self.process.wait()
        with self._lock:
            lost = [*self._running.values(), *self._asides.values()]
            self._running, self._asides = {}, {}
            self._link.close()
        reason = self._reason or NotReady(machine.ending(code), headers={"retry-after": "5"})
        for question in lost:
            question.listen(End(reason))
        self._gone(self, reason)

    def _hear(self, frame: Frame) -> None:
        match frame.kind:
            case "ready":
                with self._lock:
                    self.state, self.since = State.READY, time.time()
                    self.used = self.since
                    self._feed()
            case "item":
                self._pass_on(frame)
            case "done":
                self._end(frame.call, None, *told(frame.data))
            case "failed" if frame.call:
                self._end(frame.call, errors.from_json(frame.data))
            case "failed":
                self._reason = errors.from_json(frame.data)
            case _:
                raise BrokenFrame(f"a worker does not send {frame.kind}")

    def _pass_on(self, frame: Frame) -> None:
        question = self._running.get(frame.call)
        if question is not None:
            self.meter.hear(frame.data)
        else:
            question = self._asides.get(frame.call)
        if question is not None and not question.left:
            question.listen(Piece(frame.data, frame.blob))

    def _end(self, number: int, error: HubError | None, read: int = 0, written: int = 0) -> None:
        with self._lock:
            aside = self._asides.pop(number, None)
            if aside is not None:
                aside.listen(End(error))
                return
            question = self._running.pop(number, None)
            self.used = time.time()
            self._done += 1
            self._failed += error is not None
            self._feed()
        if question is not None:
            self.meter.add(read, written)
            question.listen(End(error, read, written))

    # care --------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        with self._lock:
            return bool(self._running or self.waiting) or self.state is State.LOADING

    @property
    def overdue(self) -> str:
        """Why the worker must be ended, if it must: its load or a call takes too long."""
        now = time.time()
        with self._lock:
            if self.state is State.LOADING and now - self.since > self._limits.load_seconds:
                return f"The model did not load within {self._limits.load_seconds:.0f} seconds."
            if any(now - one.began > self._limits.call_seconds for one in self._running.values()):
                return f"The call took longer than {self._limits.call_seconds:.0f} seconds and was ended."
        return ""

    def measure(self) -> None:
        """Take the memory that the process really uses, once it has loaded."""
        if self.state is State.READY:
            measured = machine.memory_of_group if self.plan.forwards else machine.memory_of
            self.memory = measured(self.process.pid) or self.memory

    def stop(self, reason: HubError | None = None) -> None:
        """Hang up, which ends the process. With a `reason` nothing starts in its place and whoever waits is told it."""
        self._reason = self._reason or reason
        with self._lock:
            if self.state is not State.STOPPED:
                with suppress(OSError):  # it may have hung up itself in this very moment
                    self._link.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait until the process has ended and everybody was told."""
        self._reader.join(STOP_SECONDS)

    @property
    def dismissed(self) -> bool:
        """Whether it ended for a reason that another process would not mend."""
        return self._reason is not None

    def standing(self, restarts: int, estimated: float) -> Standing:
        with self._lock:
            return Standing(
                self.plan.key,
                self.plan.label,
                self.plan.servant,
                self.state,
                self.process.pid,
                self.since,
                self.memory,
                len(self._running),
                len(self.waiting),
                self._done,
                self._failed,
                restarts,
                estimated,
                self.meter.speed(),
            )
