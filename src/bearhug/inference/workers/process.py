"""The worker process itself: `python -m bearhug.inference.workers.process FD` serves one model until the end."""

import importlib
import os
import queue
import socket
import sys
import threading
import traceback
from collections.abc import Callable

from bearhug.base.errors import HubError
from bearhug.inference.workers import errors, machine
from bearhug.inference.workers.frames import Frame, receive, send
from bearhug.inference.workers.servant import Order, Servant


class Process:
    """Reads calls in one thread and answers them in `width` others."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._writing = threading.Lock()
        self._waiting: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._left: dict[int, threading.Event] = {}

    def run(self) -> None:
        """Load what the first frame names, then serve until the hub hangs up."""
        first = receive(self._link)
        if first is None or first.kind != "load":
            return
        machine.limit_files(first.data["largest_file"])
        made: list[Servant] = []
        if not self._attempt(0, lambda: made.append(_load(first.data["servant"], first.data["options"]))):
            return
        self.send(Frame("ready"))
        threads = [
            threading.Thread(target=self._serve, args=(made[0],), daemon=True) for _ in range(first.data["width"])
        ]
        for thread in threads:
            thread.start()
        self._listen()

    def send(self, frame: Frame) -> None:
        with self._writing:
            send(self._link, frame)

    def _listen(self) -> None:
        while (frame := receive(self._link)) is not None:
            if frame.kind == "call":
                self._left[frame.call] = threading.Event()
                self._waiting.put(frame)
            elif frame.kind == "cancel" and frame.call in self._left:
                self._left[frame.call].set()

    def _serve(self, servant: Servant) -> None:
        while (frame := self._waiting.get()) is not None:
            self._answer(servant, frame)
            del self._left[frame.call]

    def _answer(self, servant: Servant, frame: Frame) -> None:
        left = self._left[frame.call]

        def work() -> None:
            order = Order(frame.data, frame.blob, left)
            if not left.is_set():
                for item in servant.answer(order):
                    self.send(Frame("item", frame.call, item.data, item.blob))
            self.send(Frame("done", frame.call, {"prompt": order.used.read, "tokens": order.used.written}))

        self._attempt(frame.call, work)

    def _attempt(self, call: int, work: Callable[[], None]) -> bool:
        """Do it; whatever goes wrong is told to the hub, with its reason where a client may know it."""
        try:
            work()
        except HubError as error:
            self.send(Frame("failed", call, errors.to_json(error)))
        except Exception as error:  # noqa: BLE001 - one bad call must not end the worker
            traceback.print_exc()
            self.send(Frame("failed", call, errors.to_json(errors.explained(error))))
        else:
            return True
        return False


def _load(name: str, options: dict[str, object]) -> Servant:
    module, _, attribute = name.partition(":")
    made: Servant = getattr(importlib.import_module(module), attribute)(**options)
    return made


def main() -> None:
    machine.restrain()
    serve(int(sys.argv[1]))


def serve(file: int) -> None:
    """Serve one model on the link that is this file, then end the process."""
    with socket.socket(fileno=file) as link:
        Process(link).run()
    machine.end_children()
    os._exit(0)  # threads may still be deep in a model


if __name__ == "__main__":
    main()
