"""How long until the hub answers, and how much memory it rests in?"""

import time
from pathlib import Path
from statistics import median

from bench.figures import Figure, Sizes
from bench.processes import memory_mb
from bench.servers import Server, bare, hub

SETTLE_SECONDS = 1.0


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    with hub(folder):
        pass  # furnished, and its modules compiled
    hubs: list[tuple[float, float]] = []
    others: list[tuple[float, float]] = []
    for _ in range(sizes.rounds):
        with hub(folder) as server:
            hubs.append(_seen(server))
        with bare(folder) as other:
            others.append(_seen(other))
    ready, rest = (median(column) for column in zip(*hubs, strict=True))
    bare_ready, bare_rest = (median(column) for column in zip(*others, strict=True))
    return [
        Figure("ready after", ready, bare_ready, "s", "bare Starlette", most=1.5),
        Figure("memory at rest", rest, bare_rest, "MB", "bare Starlette", most=120),
    ]


def _seen(server: Server) -> tuple[float, float]:
    time.sleep(SETTLE_SECONDS)
    return server.ready_after, memory_mb(server.pid)
