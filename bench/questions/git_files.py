"""How long do push and clone of many small files take, beside the same over file://?"""

from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import GIT_ENV, empty, text_folder
from bench.processes import Cost, cost, run, typical
from bench.servers import Hub, hub


def git(*arguments: str, cwd: Path | None = None) -> str:
    return run("git", *arguments, cwd=cwd, env=GIT_ENV)


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    work = folder / "work"
    text_folder(work, sizes.files)
    git("init", "-q", "-b", "main", cwd=work)
    git("config", "gc.auto", "0", cwd=work)  # else it packs beside the first rounds
    git("add", "-A", cwd=work)
    git("commit", "-q", "-m", "Files", cwd=work)
    git("repack", "-a", "-d", "-q", cwd=work)
    costs: dict[str, list[Cost]] = {"push": [], "clone": [], "file push": [], "file clone": []}
    with hub(folder) as server:
        for number in range(sizes.rounds):
            _one_round(folder, server, number, costs)
    return [
        Figure(
            f"{what}, time",
            typical(costs[what]).wall,
            typical(costs[f"file {what}"]).wall,
            "s",
            "file://",
            most_ratio=1.3,
        )
        for what in ("push", "clone")
    ]


def _one_round(folder: Path, server: Hub, number: int, costs: dict[str, list[Cost]]) -> None:
    work = folder / "work"
    plain = empty(folder / "plain.git")
    git("init", "-q", "--bare", "-b", "main", str(plain))
    repo = server.create(f"files-{number}")
    sides = [("", f"{server.git_url}/{repo}"), ("file ", f"file://{plain}")]
    for prefix, url in sides[:: -1 if number % 2 else 1]:  # whoever comes first meets the colder disk
        costs[f"{prefix}push"].append(cost(partial(git, "push", "-q", "--force", url, "main", cwd=work)))
        target = empty(folder / "clone")
        costs[f"{prefix}clone"].append(cost(partial(git, "clone", "-q", url, str(target))))
