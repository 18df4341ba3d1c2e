"""One thread that drives an engine, and the many that wait for what it says."""

import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from bearhug.base.errors import HubError, Unprocessable
from bearhug.inference.engine.engine import Engine
from bearhug.inference.engine.sampling import Load, Piece, Sampling

Heard = Piece | HubError

SHARE = 1 / 200
"""The part of a step's time that others get for certain before the next one."""
PATIENCE = 0.05
"""Seconds that the next step waits at most for those who deal with the last one's pieces."""


class Loop:
    """Requests come from any thread; the engine is touched by the loop's own thread alone.

    An engine that breaks down ends the loop, and `broke` is told: nothing that it holds can be trusted any more.

    Engines may hold the interpreter while they compute, so nobody else gets on meanwhile: between two steps the loop
    stands back until all pieces are dealt with, and those who come and go have got in.
    """

    def __init__(self, engine: Engine, broke: Callable[[], None]) -> None:
        self.engine = engine
        self._broke = broke
        self._wake = threading.Condition()
        self._new: list[tuple[int, Sequence[int], Sampling]] = []
        self._dropped: list[int] = []
        self._listeners: dict[int, queue.SimpleQueue[Heard]] = {}
        self._dealing: set[int] = set()
        self._numbers = count(1)
        self._load = Load(0, 0, 0.0, 0)
        threading.Thread(target=self._drive, daemon=True, name="engine").start()

    def pieces(self, prompt: Sequence[int], sampling: Sampling, left: threading.Event) -> Iterator[Piece]:
        """What the engine says to a prompt, until its last sequence ended or the caller has left."""
        key, heard = next(self._numbers), queue.SimpleQueue[Heard]()
        with self._wake:
            self._listeners[key] = heard
            self._new.append((key, prompt, sampling))
            self._wake.notify()
        try:
            ended = 0
            while ended < sampling.count and not left.is_set():
                if (found := self._next(key, heard)) is not None:
                    ended += found.finish is not None
                    yield found
        finally:
            self._drop(key)

    def load(self) -> Load:
        return self._load

    def _next(self, key: int, heard: "queue.SimpleQueue[Heard]") -> Piece | None:
        """What comes next; None when it is time to see whether the caller has left."""
        with self._wake:
            if heard.empty():
                self._dealt(key)
        try:
            found = heard.get(timeout=0.5)
        except queue.Empty:
            return None
        if isinstance(found, HubError):
            raise found
        return found

    def _dealt(self, key: int) -> None:
        self._dealing.discard(key)
        if not self._dealing:
            self._wake.notify()

    def _drop(self, key: int) -> None:
        with self._wake:
            self._dealt(key)
            if self._listeners.pop(key, None) is not None:
                self._dropped.append(key)
                self._wake.notify()

    def _drive(self) -> None:
        while True:
            with self._wake:
                while not (self.engine.is_busy or self._new or self._dropped):
                    self._wake.wait()
                new, self._new = self._new, []
                dropped, self._dropped = self._dropped, []
            try:
                self._turn(new, dropped)
            except Exception:
                traceback.print_exc()
                self._broke()
                raise

    def _turn(self, new: list[tuple[int, Sequence[int], Sampling]], dropped: list[int]) -> None:
        """One step, then a moment for everybody else."""
        for key in dropped:
            self.engine.cancel(key)
        for key, prompt, sampling in new:
            self._begin(key, prompt, sampling)
        began = time.monotonic()
        pieces = self.engine.step()
        took = time.monotonic() - began
        self._load = self.engine.load()
        with self._wake:
            for piece in pieces:
                if (listener := self._listeners.get(piece.key)) is not None:
                    self._dealing.add(piece.key)
                    listener.put(piece)
        time.sleep(took * SHARE)
        with self._wake:
            self._wake.wait_for(lambda: not self._dealing, PATIENCE)

    def _begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        try:
            self.engine.begin(key, prompt, sampling)
        except (ValueError, RuntimeError) as error:
            listener = self._listeners.get(key)
            if listener is not None:
                listener.put(Unprocessable(f"The engine cannot take this request: {error}"))
