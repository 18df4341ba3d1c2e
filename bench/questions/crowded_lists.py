"""How long do lists and searches take with very many repositories, beside the same with a hundredth of them?"""

import time
from pathlib import Path

from bench.crowd import multiply
from bench.figures import Figure, Sizes, percentile
from bench.servers import Hub, hub
from bench.wire import Connection

AIM_MS = 20
BULK = "1,000 at once"
ASKED = {
    "newest": "limit=30",
    "most downloads": "sort=downloads&direction=-1&limit=30",
    "full, most likes": "sort=likes&direction=-1&limit=30&full=true",
    "common tag": "filter=text-generation&limit=30",
    "two tags": "filter=text-generation,zh&sort=downloads&direction=-1&limit=30",
    "rare tag": "filter=dataset:ada/data-7&limit=30",
    "search, common word": "search=bert&limit=30",
    "search, Chinese": "search=%E6%A8%A1%E5%9E%8B&limit=30",
    "search, one repository": "search=bert-gpt-99&sort=likes&direction=-1&limit=30",
    "search, nothing": "search=nosuchword&limit=30",
    "author": "author=ada&sort=lastModified&direction=-1&limit=30",
    "task and library": "pipeline_tag=fill-mask&filter=onnx&sort=likes&direction=-1&limit=30",
    BULK: "sort=downloads&direction=-1&limit=1000",
}


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    crowd = _times(folder / "crowd", sizes.repos, sizes)
    few = _times(folder / "few", max(sizes.repos // 100, 50), sizes)
    return [Figure(f"{what}, p95", crowd[what], few[what], "ms", "a hundredth of them", most=AIM_MS) for what in crowd]


def _aim(what: str) -> float | None:
    return None if what == BULK else AIM_MS


def _times(folder: Path, count: int, sizes: Sizes) -> dict[str, float]:
    folder.mkdir()
    with hub(folder) as server:
        server.create("pattern")
    multiply(folder / "data", count)
    with hub(folder) as server, server.connect() as connection:
        times = {what: _p95(connection, query, sizes) for what, query in ASKED.items()}
        times["tenth page"] = _tenth_page(server, sizes)
    return times


def _p95(connection: Connection, query: str, sizes: Sizes) -> float:
    return _timed(connection, [f"/api/models?{query}"] * max(sizes.requests // 20, 20))


def _tenth_page(server: Hub, sizes: Sizes) -> float:
    with server.connect() as connection:
        address = "/api/models?sort=downloads&direction=-1&limit=5"
        for _ in range(9):
            link = connection.get(address).good().headers["link"]
            address = link.partition("<")[2].partition(">")[0].partition(f":{server.port}")[2]
        return _timed(connection, [address] * max(sizes.requests // 20, 20))


def _timed(connection: Connection, addresses: list[str]) -> float:
    times = []
    for address in addresses:
        started = time.perf_counter()
        connection.get(address).good()
        times.append((time.perf_counter() - started) * 1000)
    return percentile(times, 0.95)
