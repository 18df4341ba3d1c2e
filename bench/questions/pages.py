"""How fast and how heavy are pages of a hub with very many repositories, beside one with a hundredth of them?

Paints are medians of nine rounds in shuffled order, after a round that warms the browser up, beside a page of one word.
"""

import json
import shutil
import time
from pathlib import Path
from typing import Any

from bench.crowd import multiply
from bench.figures import Figure, Sizes, percentile
from bench.processes import run
from bench.servers import USER, Hub, hub
from bench.wire import Connection

AIM_MS = 30
AIM_KB = 150
AIM_PAINT_MS = 500
PATIENCE_SECONDS = 8
DRIVER = Path(__file__).parents[2] / "tests" / "pages" / "node"
PAINT = Path(__file__).parents[1] / "first_paint.mjs"
ADDRESSES = {
    "home": "/",
    "list": "/models",
    "list, one filter": "/models?filter=license:mit&sort=downloads",
    "list, by name": "/models?name=bert-gpt",
    "quick search": "/api/quicksearch?q=bert",
    "quick search, Chinese": "/api/quicksearch?q=%E6%A8%A1%E5%9E%8B",
    "model page": f"/{USER}/pattern",
    "tree": f"/{USER}/pattern/tree/main",
    "blob": f"/{USER}/pattern/blob/main/run.py",
}
PAINTED = ("home", "list", "model page", "tree", "blob")


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    crowd, seen = _asked(folder / "crowd", sizes.repos, sizes)
    few, _ = _asked(folder / "few", max(sizes.repos // 100, 50), sizes, paint=False)
    figures = [
        Figure(f"{what}, p95", p95, few[what], "ms", "a hundredth of them", most=AIM_MS) for what, p95 in crowd.items()
    ]
    for what in PAINTED:
        found = seen[ADDRESSES[what]]
        bare = seen["bare"]["paint"]
        figures.append(Figure(f"{what}, first paint", found["paint"], bare, "ms", "a word", most=AIM_PAINT_MS))
        figures.append(Figure(f"{what}, first load", found["bytes"] / 1000, AIM_KB, "kB", "aim", most=AIM_KB))
    return figures


def _asked(folder: Path, count: int, sizes: Sizes, *, paint: bool = True) -> tuple[dict[str, float], Any]:
    folder.mkdir()
    with hub(folder) as server:
        server.create("pattern")
        _fill(server)
    multiply(folder / "data", count)
    with hub(folder) as server, server.connect() as connection:
        times = {what: _timed(connection, address, sizes) for what, address in ADDRESSES.items()}
        return times, _painted(folder, server) if paint else {}


def _fill(server: Hub) -> None:
    """A card and a program, so that the pages of the pattern show something."""
    card = "---\nlicense: mit\npipeline_tag: fill-mask\n---\n# Pattern\n\n" + "Some *words* about it.\n\n" * 40
    files = {"README.md": card, "run.py": "print('hello')\n" * 200}
    lines: list[dict[str, Any]] = [{"key": "header", "value": {"summary": "Fill"}}]
    lines += [{"key": "file", "value": {"path": path, "content": text}} for path, text in files.items()]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    with server.signed_in() as connection:
        headers = {"Content-Type": "application/x-ndjson"}
        connection.ask("POST", f"/api/models/{USER}/pattern/commit/main", headers, body).good()


def _timed(connection: Connection, address: str, sizes: Sizes) -> float:
    """Milliseconds that a reader waits for the page itself: the 95th percentile."""
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < max(sizes.requests // 10, 50) and time.perf_counter() - began < PATIENCE_SECONDS:
        started = time.perf_counter()
        connection.get(address, Accept="text/html").good()
        times.append((time.perf_counter() - started) * 1000)
    return percentile(times, 0.95)


def _painted(folder: Path, server: Hub) -> Any:
    """What Chromium measures, by address."""
    node = folder / "node"
    node.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(DRIVER / name, node)
    shutil.copy(PAINT, node)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=node)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise RuntimeError("install Chromium to measure first paints")
    paths = [ADDRESSES[what] for what in PAINTED]
    return json.loads(run("node", PAINT.name, program, f"http://127.0.0.1:{server.port}", *paths, cwd=node))
