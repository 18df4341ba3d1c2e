"""Servants without a model, for the tests of those who keep them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.inference.workers.servant import Item, Order


class Echo:
    """Gives back what it got; `word` is said first."""

    def __init__(self, word: str = "") -> None:
        if word == "broken":
            raise Unprocessable("The weights are torn.")
        self._word = word

    def answer(self, order: Order) -> Iterator[Item]:
        data = order.data
        match data.get("do"):
            case "refuse":
                raise BadRequest("Not like this.")
            case "trip":
                raise KeyError("a bug")
            case "die":
                os._exit(3)
            case "environment":
                yield Item({"names": sorted(os.environ), "limit": os.getpriority(os.PRIO_PROCESS, 0)})
            case "sleep":
                until = time.monotonic() + data["seconds"]
                Path(data["began"]).touch()
                while time.monotonic() < until and not order.left.is_set():
                    time.sleep(0.01)
                yield Item({"left": order.left.is_set()})
            case _:
                for at in range(data.get("times", 1)):
                    yield Item({"word": self._word, "at": at, "text": data.get("text")}, order.blob)
