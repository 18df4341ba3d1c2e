"""How long does it take to tell who last changed each of 1,000 files after very many commits, beside `git log`?"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import GIT_ENV, empty
from bench.processes import run
from bench.servers import hub
from bench.wire import Connection

FOLDER = 1000
BUSY = 700
PAGE = 50


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    plain = empty(folder / "plain.git")
    run("git", "init", "-q", "--bare", "-b", "main", str(plain), env=GIT_ENV)
    run("git", "fast-import", "--quiet", cwd=plain, env=GIT_ENV, stdin=b"".join(_history(2 * sizes.commit_files)))
    log = ("git", "log", "--first-parent", "--raw", "--no-renames", "--format=%H", "main", "--", "data")
    theirs = _milliseconds(partial(run, *log, cwd=plain, env=GIT_ENV))
    with hub(folder) as server:
        repo = server.create("history")
        run("git", "push", "-q", "--force", f"{server.git_url}/{repo}", "main", cwd=plain, env=GIT_ENV)
        with server.connect() as connection:
            tree = partial(_pages, connection, f"/api/models/{repo}/tree/main/data?expand=true&limit={PAGE}")
            commits = partial(_get, connection, f"/api/models/{repo}/commits/main")
            past = partial(_get, connection, f"/api/models/{repo}/commits/main?path=data/file-0001.txt")
            asked: dict[str, tuple[Callable[[], object], float | None, float | None]] = {
                "last commits, first time": (tree, 3.0, None),
                "last commits, again (20 pages)": (tree, None, 500.0),
                "commits, first page": (commits, None, 250.0),
                "the past of one file": (past, 3.0, None),
            }
            return [
                Figure(what, _milliseconds(work), theirs, "ms", "git log --raw", most_ratio=ratio, most=most)
                for what, (work, ratio, most) in asked.items()
            ]


def _pages(connection: Connection, address: str | None) -> None:
    while address is not None:
        answer = _get(connection, address)
        link = answer.partition(">")[0].removeprefix("<")
        address = "/" + link.split("/", 3)[3] if link else None


def _get(connection: Connection, address: str) -> str:
    """The `Link` header of a good answer."""
    answer = connection.get(address)
    answer.good()
    return answer.headers.get("link", "")


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _history(count: int) -> Iterator[bytes]:
    """For git fast-import: a folder of files, then a change of one of its busier files in every commit."""
    about = b"commit refs/heads/main\ncommitter Ada <ada@example.org> %d +0000\ndata 6\nChange\n"
    yield about % 1_700_000_000
    for number in range(FOLDER):
        yield b"M 100644 inline data/file-%04d.txt\ndata 1\n0\n" % number
    for number in range(1, count):
        text = b"%d" % number
        yield about % (1_700_000_000 + number)
        yield b"M 100644 inline data/file-%04d.txt\ndata %d\n%s\n" % (number * 7919 % BUSY, len(text), text)
