"""One thread that drives an engine, and the many that wait for what it says."""

import queue
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from bearhug.base.errors import HubError, Unprocessable
from bearhug.inference.engine.engine import Engine
from bearhug.inference.engine.sampling import Load, Piece, Sampling

Heard = Piece | HubError


class Loop:
    """Requests come from any thread; the engine is touched by the loop's own thread alone.

    An engine that breaks down ends the loop, and `broke` is told: nothing that it holds can be trusted any more.
    """

    def __init__(self, engine: Engine, broke: Callable[[], None]) -> None:
        self.engine = engine
        self._broke = broke
        self._wake = threading.Condition()
        self._new: list[tuple[int, Sequence[int], Sampling]] = []
        self._dropped: list[int] = []
        self._listeners: dict[int, queue.SimpleQueue[Heard]] = {}
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
            yield from _until_ended(heard, sampling.count, left)
        finally:
            self._drop(key)

    def load(self) -> Load:
        return self._load

    def _drop(self, key: int) -> None:
        with self._wake:
            if self._listeners.pop(key, None) is not None:
                self._dropped.append(key)
                self._wake.notify()

    def _drive(self) -> None:
        busy = False
        while True:
            with self._wake:
                while not (busy or self._new or self._dropped):
                    self._wake.wait()
                new, self._new = self._new, []
                dropped, self._dropped = self._dropped, []
            try:
                busy = self._turn(new, dropped)
            except Exception:
                traceback.print_exc()
                self._broke()
                raise

    def _turn(self, new: list[tuple[int, Sequence[int], Sampling]], dropped: list[int]) -> bool:
        """One step; whether there is more to do at once."""
        for key in dropped:
            self.engine.cancel(key)
        for key, prompt, sampling in new:
            self._begin(key, prompt, sampling)
        for piece in self.engine.step():
            listener = self._listeners.get(piece.key)
            if listener is not None:
                listener.put(piece)
        self._load = self.engine.load()
        return bool(self._listeners)

    def _begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        try:
            self.engine.begin(key, prompt, sampling)
        except (ValueError, RuntimeError) as error:
            listener = self._listeners.get(key)
            if listener is not None:
                listener.put(Unprocessable(f"The engine cannot take this request: {error}"))


def _until_ended(heard: "queue.SimpleQueue[Heard]", sequences: int, left: threading.Event) -> Iterator[Piece]:
    ended = 0
    while ended < sequences and not left.is_set():
        try:
            found = heard.get(timeout=0.5)
        except queue.Empty:
            continue
        if isinstance(found, HubError):
            raise found
        ended += found.finish is not None
        yield found
