"""How processes of workers begin: split off the stem where that is possible, else started from nothing."""

import itertools
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from bearhug.inference.workers import machine
from bearhug.inference.workers.records import Limits, Plan
from bearhug.inference.workers.stem_news import BORN, ENDED, NEWS, ORDER, READY

log = logging.getLogger("bearhug.inference")

STEM = "bearhug.inference.workers.stem"
PROCESS = "bearhug.inference.workers.process"
NEED_STEM = ("bearhug.inference.tasks.", "bearhug.inference.openai.embedding:")
"""Servants that read all of the stem's libraries: it is worth waiting for."""
LIKE_STEM = ("bearhug.inference.engine.servant:",)
"""Servants that read some of them: they are split off a stem that is there, but do not wait for one."""
FORGET_SECONDS = 600.0
"""How long a stem that could not begin is not tried again."""


class Running(Protocol):
    """A process, as far as its worker looks at it."""

    @property
    def pid(self) -> int: ...

    def wait(self, timeout: float | None = None) -> int: ...


Start = Callable[[Plan, socket.socket, BinaryIO], Running]


class Child:
    """A process that the stem split off; its number is 0 until the stem says so."""

    def __init__(self) -> None:
        self.pid = 0
        self._code = 0
        self._ended = threading.Event()

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; 0 for one that nobody knows the end of."""
        if self.pid and not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self._code

    def end(self, code: int = 0) -> None:
        """It has ended, or the stem has."""
        self._code = code
        self._ended.set()


class Stem:
    """The hub's side of a stem."""

    def __init__(self, home: Path, threads: int) -> None:
        self.is_ready = self.is_over = False
        self.used = time.monotonic()
        self._numbers = itertools.count(1)
        self._unborn: dict[int, Child] = {}
        self._living: dict[int, Child] = {}
        self._lock = threading.Lock()
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**machine.environment(home, threads), "OPENBLAS_NUM_THREADS": "1"}
        with theirs, machine.opened_log(home / "stem.log") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", STEM, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=home,
                env=environment,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True, name="stem")
        self._reader.start()

    def split(self, link: socket.socket, out: BinaryIO) -> Child:
        """Order a worker; it begins as soon as the stem has read its libraries. OSError if there is no stem."""
        child, self.used = Child(), time.monotonic()
        with self._lock:
            if self.is_over:
                raise BrokenPipeError
            number = next(self._numbers)
            self._unborn[number] = child
            socket.send_fds(self._link, [ORDER.pack(number)], [link.fileno(), out.fileno()])
        return child

    def _read(self) -> None:
        with suppress(OSError):
            while len(news := self._link.recv(NEWS.size)) == NEWS.size:
                self._hear(*NEWS.unpack(news))
        self._process.kill()
        self._process.wait()
        with self._lock:
            self.is_over = True
            lost = [*self._unborn.values(), *self._living.values()]
            self._link.close()
        for child in lost:
            child.end()

    def _hear(self, kind: bytes, about: int, value: int) -> None:
        with self._lock:
            if kind == READY:
                self.is_ready = True
            elif kind == BORN and about in self._unborn:
                child = self._living[value] = self._unborn.pop(about)
                child.pid = value
            elif kind == ENDED and about in self._living:
                self._living.pop(about).end(value)

    def close(self) -> None:
        """The stem ends; workers that live stay, and end when they are hung up on."""
        with self._lock, suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._process.kill()
        self._reader.join()


class Nursery:
    """Starts processes for workers."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self.home, self._limits = home, limits
        self._stem: Stem | None = None
        self._failed = 0.0
        self._lock = threading.Lock()

    def start(self, plan: Plan, link: socket.socket, out: BinaryIO) -> Running:
        """A process with its end of the link, writing to its log."""
        if plan.command is None and plan.threads in (None, self._limits.threads):
            stem = self._stem_for(plan.servant)
            if stem is not None:
                with suppress(OSError):
                    return stem.split(link, out)
        return self._from_nothing(plan, link, out)

    def _stem_for(self, servant: str) -> Stem | None:
        with self._lock:
            self._look()
            if self._stem is not None and self._stem.is_ready and servant.startswith(LIKE_STEM):
                return self._stem
            if not servant.startswith(NEED_STEM) or not machine.PROC.is_dir() or self._is_vain():
                return None
            self._stem = self._stem or Stem(self.home, self._limits.threads)
            return self._stem

    def _is_vain(self) -> bool:
        return self._failed > 0 and time.monotonic() - self._failed < FORGET_SECONDS

    def _look(self) -> None:
        """Forget a stem that has ended; one that never got ready is not tried again for a while."""
        if self._stem is not None and self._stem.is_over:
            if not self._stem.is_ready:
                log.warning("The process that workers are split off could not begin: see stem.log.")
                self._failed = time.monotonic()
            self._stem = None

    def tend(self, *, busy: bool) -> None:
        """Called now and then: a stem that nobody needs for long is ended."""
        with self._lock:
            self._look()
            stem = self._stem
            if stem is None:
                return
            if busy:
                stem.used = time.monotonic()
            if time.monotonic() - stem.used < self._limits.idle_seconds:
                return
            self._stem = None
        stem.close()

    def close(self) -> None:
        with self._lock:
            stem, self._stem = self._stem, None
        if stem is not None:
            stem.close()

    def _from_nothing(self, plan: Plan, link: socket.socket, out: BinaryIO) -> Running:
        return subprocess.Popen(
            [*(plan.command or machine.OWN_PYTHON), "-m", PROCESS, str(link.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            env=machine.environment(self.home, plan.threads or self._limits.threads),
            pass_fds=(link.fileno(),),
            start_new_session=True,
        )
