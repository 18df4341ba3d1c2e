"""The stem: a process that has read the libraries of models, has one thread, and splits workers off itself.

`python -m bearhug.inference.workers.stem FD` serves orders on a socket that keeps messages apart. An order is a number
with two files beside it: the worker's end of its link, and its log.
"""

import gc
import importlib
import os
import random
import select
import signal
import socket
import sys
from contextlib import suppress

from bearhug.inference.workers import machine, process
from bearhug.inference.workers.stem_news import BORN, ENDED, NEWS, ORDER, READY

LIBRARIES = (
    "torch",
    "numpy",
    "PIL.Image",
    "safetensors.torch",
    "transformers.modeling_utils",
    "transformers.generation.utils",
    "transformers.generation",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "transformers.models.auto.image_processing_auto",
    "transformers.models.auto.processing_auto",
    "transformers.tokenization_utils_tokenizers",
)
"""What nearly every worker reads. Those that are not there are left to whoever needs them."""
LINK, LOG = 0, 1


class Stem:
    """Waits for orders and for the ends of those it split off."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        os.set_blocking(self._woken, False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the hub hangs up."""
        self._tell(READY, 0, 0)
        link = self._link.fileno()
        while True:
            ready, _, _ = select.select([link, self._woken], [], [])
            if self._woken in ready:
                self._reap()
            if link in ready:
                order, files, _, _ = socket.recv_fds(self._link, ORDER.size, 2)
                if len(order) != ORDER.size or len(files) != 2:
                    return
                self._split(ORDER.unpack(order)[0], files)

    def _split(self, number: int, files: list[int]) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(files)
            finally:
                os._exit(1)  # whatever happened, nobody comes back into this loop
        for file in files:
            os.close(file)
        self._tell(BORN, number, pid)

    def _become_worker(self, files: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._link.close()
        os.close(self._woken)
        os.close(self._waker)
        os.setsid()
        os.dup2(files[LOG], 1)
        os.dup2(files[LOG], 2)
        os.close(files[LOG])
        random.seed()
        sys.modules["numpy"].random.seed()
        process.serve(files[LINK])

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                self._tell(ENDED, found[0], os.waitstatus_to_exitcode(found[1]))

    def _tell(self, kind: bytes, about: int, value: int) -> None:
        with suppress(OSError):  # the hub is gone, which the next look at the link shows
            self._link.send(NEWS.pack(kind, about, value))


def main() -> None:
    machine.restrain()
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    if len(list((machine.PROC / "self" / "task").iterdir())) > 1:
        sys.exit("A library started a thread: workers cannot be split off this process.")
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as link:
        Stem(link).run()


if __name__ == "__main__":
    main()
