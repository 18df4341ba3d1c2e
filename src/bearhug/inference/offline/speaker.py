"""A language model loaded here: the same words and engines as in the workers of a hub."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any

from bearhug.inference.engine.servant import TextServant
from bearhug.inference.local.finding import folder_of
from bearhug.inference.workers.servant import Order

SIDE_BY_SIDE = 64
GRAPHS = Path("~/.cache/bearhug/graphs")


class Speaker:
    """A model of the hub (`OWNER/NAME`, by HF_ENDPOINT) or of a folder. `options` are those of the engine."""

    def __init__(self, model: str | Path, *, revision: str | None = None, **options: Any) -> None:
        folder = folder_of(model, revision=revision, pickles=bool(options.get("pickles")), endpoint=None)
        graphs = GRAPHS.expanduser() / _digest(folder)
        self._servant = TextServant(folder=str(folder), graphs=str(graphs), **options)

    def say(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """Everything that is said to one order."""
        return [item.data for item in self._servant.answer(Order(order, b"", threading.Event()))]


def _digest(folder: Path) -> str:
    """Changes when the files of the folder do."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((str(folder.resolve()), facts)).encode()).hexdigest()[:24]


def side_by_side(work: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each thing with its outcome, as they get ready, so many at a time that the engine is never idle."""
    left = iter(things)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        running: dict[Future[Any], Any] = {}
        while True:
            for thing in islice(left, SIDE_BY_SIDE - len(running)):
                running[threads.submit(work, thing)] = thing
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
