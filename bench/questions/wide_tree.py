"""How long does a page of the tree take in a repository with very many files, beside `git ls-tree`?"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import Figure, Sizes
from bench.made import GIT_ENV, empty
from bench.processes import run
from bench.servers import hub
from bench.wire import Connection

AIM_MS = 50
FOLDER = 1000


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    plain = empty(folder / "plain.git")
    run("git", "init", "-q", "--bare", "-b", "main", str(plain), env=GIT_ENV)
    run("git", "fast-import", "--quiet", cwd=plain, env=GIT_ENV, stdin=b"".join(_history(sizes.tree_files)))
    figures = []
    with hub(folder) as server:
        repo = server.create("tree")
        run("git", "push", "-q", "--force", f"{server.git_url}/{repo}", "main", cwd=plain, env=GIT_ENV)
        pages = {
            "top": ("main", "?limit=1000", ["main"]),
            "a folder of 1,000": ("main/deep/part-0", "", ["main", "deep/part-0/"]),
            "the wide folder, first page": ("main/wide", "?limit=1000", ["main", "wide/"]),
            "all files, first page": ("main", "?recursive=true&limit=1000", ["-r", "main"]),
            "a folder with last commits": ("main/deep/part-0", "?expand=true&limit=50", ["main", "deep/part-0/"]),
        }
        with server.connect() as connection:
            for what, (path, query, listing) in pages.items():
                address = f"/api/models/{repo}/tree/{path}{query}"
                ours = _milliseconds(partial(_page, connection, address), sizes)
                theirs = _milliseconds(partial(run, "git", "ls-tree", "-l", *listing, cwd=plain, env=GIT_ENV), sizes)
                figures.append(Figure(what, ours, theirs, "ms", "git ls-tree -l", most=AIM_MS))
    return figures


def _page(connection: Connection, address: str) -> None:
    connection.get(address).good()


def _milliseconds(work: Callable[[], object], sizes: Sizes) -> float:
    times = []
    for _ in range(sizes.rounds * 3):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


def _history(count: int) -> Iterator[bytes]:
    """One commit for git fast-import: half of the files in one folder, half in folders of a thousand."""
    yield b"blob\nmark :1\ndata 6\nhello\n\n"
    yield b"commit refs/heads/main\ncommitter Ada <ada@example.org> 1700000000 +0000\ndata 5\nFiles\n"
    for number in range(count // 2):
        yield f"M 100644 :1 wide/file-{number:06}.txt\n".encode()
        yield f"M 100644 :1 deep/part-{number // FOLDER}/file-{number:06}.txt\n".encode()
    yield b"\n"
