"""How much CPU does a small request cost beside a bare Starlette route?"""

from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import commit, file_line, lfs_line, random_file, upload_lfs
from bench.processes import cost, rest, typical
from bench.servers import Hub, Server, bare, hub

CARD = b"""---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---
# A model
"""
AIM_MS = 0.7


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
        bare_get = _milliseconds(other, "GET", "/", None, sizes)
        figures = []
        for what, (method, path) in requests.items():
            for who, token in (("anonymous", None), ("by token", server.token)):
                spent = _milliseconds(server, method, path, token, sizes)
                figures.append(Figure(f"{what}, {who}", spent, bare_get, "ms CPU", "bare Starlette", most=AIM_MS))
    return figures


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


def _milliseconds(server: Server, method: str, path: str, token: str | None, sizes: Sizes) -> float:
    with server.connect(token) as connection:

        def some() -> None:
            for _ in range(sizes.requests):
                status = connection.ask(method, path).status
                if status >= 400:
                    raise RuntimeError(f"{method} {path} -> {status}")

        some()
        return typical([cost(some, of=server.pid) for _ in range(sizes.rounds)]).cpu / sizes.requests * 1000
