"""How long do lists and searches take with very many repositories, beside the same with a hundredth of them?"""

import time
from pathlib import Path

from bench.crowd import multiply
from bench.figures import Figure, Sizes, percentile
from bench.processes import cpu_seconds
from bench.servers import Hub, hub
from bench.wire import Connection

AIM_MS = 20
PATIENCE_SECONDS = 10
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


Times = dict[str, tuple[float, float]]


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    crowd = _times(folder / "crowd", sizes.repos, sizes)
    few = _times(folder / "few", max(sizes.repos // 100, 50), sizes)
    beside = "a hundredth of them"
    figures = []
    for what, (p95, cpu) in crowd.items():
        aim = None if what == BULK else AIM_MS
        figures.append(Figure(f"{what}, p95", p95, few[what][0], "ms", beside, most=aim))
        figures.append(Figure(f"{what}, CPU", cpu, few[what][1], "ms CPU", beside))
    return figures


def _times(folder: Path, count: int, sizes: Sizes) -> Times:
    folder.mkdir()
    with hub(folder) as server:
        server.create("pattern")
    multiply(folder / "data", count)
    with hub(folder) as server, server.connect() as connection:
        addresses = {what: f"/api/models?{query}" for what, query in ASKED.items()}
        addresses["tenth page"] = _tenth_page(server, connection)
        return {what: _timed(server, connection, address, sizes) for what, address in addresses.items()}


def _tenth_page(server: Hub, connection: Connection) -> str:
    address = "/api/models?sort=downloads&direction=-1&limit=5"
    for _ in range(9):
        link = connection.get(address).good().headers["link"]
        address = link.partition("<")[2].partition(">")[0].partition(f":{server.port}")[2]
    return address


def _timed(server: Hub, connection: Connection, address: str, sizes: Sizes) -> tuple[float, float]:
    """Milliseconds: the 95th percentile of what a client waits, and the CPU of one request."""
    times: list[float] = []
    spent, began = cpu_seconds(server.pid), time.perf_counter()
    while len(times) < max(sizes.requests // 10, 50) and time.perf_counter() - began < PATIENCE_SECONDS:
        started = time.perf_counter()
        connection.get(address).good()
        times.append((time.perf_counter() - started) * 1000)
    return percentile(times, 0.95), (cpu_seconds(server.pid) - spent) / len(times) * 1000
