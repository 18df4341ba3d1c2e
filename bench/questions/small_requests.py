"""How much CPU does a small request cost beside a bare Starlette route?"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import commit, file_line, lfs_line, random_file, upload_lfs
from bench.processes import Cost, cost, rest, typical
from bench.servers import Hub, Server, bare, hub

CARD = b"""---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---
# A model
"""
Work = Callable[[], None]
AIM_MS = 0.7
MOST_RATIO = 2.2
"""The same on the machine where the bare route took 0.32 ms, see docs/decisions/0033-aims-beside-a-baseline.md."""


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    with hub(folder) as server, bare(folder) as other:
        repo = _furnish(server, folder)
        rest(server.pid)
        requests = {
            "GET /api/models/{id}": ("GET", f"/api/models/{repo}"),
            "HEAD resolve, small file": ("HEAD", f"/{repo}/resolve/main/config.json"),
            "HEAD resolve, LFS file": ("HEAD", f"/{repo}/resolve/main/model.safetensors"),
            "GET resolve, small file": ("GET", f"/{repo}/resolve/main/config.json"),
        }
        asked = {
            f"{what}, {who}": partial(_some, server, request, token, sizes.requests)
            for what, request in requests.items()
            for who, token in (("anonymous", None), ("by token", server.token))
        }
        beside = partial(_some, other, ("GET", "/"), None, sizes.requests)
        for work in (*asked.values(), beside):
            work()
        rounds = [_one_round(asked, beside, server.pid, other.pid) for _ in range(sizes.rounds)]
    scale = 1000 / sizes.requests
    *hub_spent, bare_spent = [typical(list(costs)).cpu * scale for costs in zip(*rounds, strict=True)]
    return [
        Figure(what, spent, bare_spent, "ms CPU", "bare Starlette", MOST_RATIO, AIM_MS)
        for what, spent in zip(asked, hub_spent, strict=True)
    ]


def _one_round(asked: Mapping[str, Work], beside: Work, hub_pid: int, bare_pid: int) -> list[Cost]:
    """What each kind of request costs the hub, then what the bare route costs, all in the same minute."""
    return [*(cost(work, of=hub_pid) for work in asked.values()), cost(beside, of=bare_pid)]


def _furnish(server: Hub, folder: Path) -> str:
    repo = server.create("model")
    weights = folder / "weights"
    oid = random_file(weights, 1 << 20)
    upload_lfs(server, repo, weights, oid)
    names = [f"part-{number}.json" for number in range(9)]
    lines = [
        file_line("README.md", CARD),
        file_line("config.json", b'{"model_type": "gpt2"}'),
        *(file_line(n, b"{}") for n in names),
    ]
    with server.signed_in() as connection:
        commit(connection, repo, [*lines, lfs_line("model.safetensors", oid, 1 << 20)])
    return repo


def _some(server: Server, request: tuple[str, str], token: str | None, times: int) -> None:
    with server.connect(token) as connection:
        for _ in range(times):
            status = connection.ask(*request).status
            if status >= 400:
                raise RuntimeError(f"{request[0]} {request[1]} -> {status}")
