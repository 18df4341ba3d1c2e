"""How long does one commit of many small files by the API take, beside `git add` and `git commit` of the same?"""

from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import GIT_ENV, commit, empty, file_line, text_files, text_folder
from bench.processes import Cost, cost, run, typical
from bench.servers import hub


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    ours: list[Cost] = []
    theirs: list[Cost] = []
    with hub(folder) as server, server.signed_in() as connection:
        for number in range(sizes.rounds):
            repo = server.create(f"commit-{number}")
            lines = [file_line(path, content) for path, content in text_files(sizes.commit_files, number)]
            ours.append(cost(partial(commit, connection, repo, lines), of=server.pid))
            work = empty(folder / "work")
            text_folder(work, sizes.commit_files, number)
            run("git", "init", "-q", "-b", "main", cwd=work, env=GIT_ENV)
            theirs.append(cost(partial(_by_git, work)))
    hub_cost, base_cost = typical(ours), typical(theirs)
    beside = "git add + git commit"
    return [
        Figure("commit, time", hub_cost.wall, base_cost.wall, "s", beside),
        Figure("commit, CPU", hub_cost.cpu, base_cost.cpu, "s CPU", beside),
    ]


def _by_git(work: Path) -> None:
    run("git", "add", "-A", cwd=work, env=GIT_ENV)
    run("git", "commit", "-q", "-m", "Files", cwd=work, env=GIT_ENV)
