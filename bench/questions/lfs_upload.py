"""How long does a large file take up, beside hashing it and copying it to the same disk?"""

from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, random_file, upload_lfs
from bench.processes import Cost, cost, run, typical
from bench.servers import hub


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    file, copy = folder / "weights", folder / "copy"
    ours: list[Cost] = []
    theirs: list[Cost] = []
    with hub(folder) as server:
        repo = server.create("model")
        for _ in range(sizes.rounds):
            oid = random_file(file, sizes.file * MIB)
            run("sync", str(file))
            ours.append(cost(partial(upload_lfs, server, repo, file, oid), of=server.pid))
            theirs.append(cost(partial(_hash_and_copy, file, copy)))
            copy.unlink()
    hub_cost, base_cost = typical(ours), typical(theirs)
    return [
        Figure("upload, time", hub_cost.wall, base_cost.wall, "s", "sha256sum + cp + sync", most_ratio=1.3),
        Figure("upload, CPU", hub_cost.cpu, base_cost.cpu, "s CPU", "sha256sum + cp + sync"),
    ]


def _hash_and_copy(file: Path, copy: Path) -> None:
    run("sha256sum", str(file))
    run("cp", str(file), str(copy))
    run("sync", str(copy))
