"""How long does `hf upload` take beside the client alone and its hashing, and what does it cost the hub beside LFS?"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import Figure, Sizes
from bench.made import MIB, random_file, upload_lfs
from bench.processes import Cost, cost, cpu_seconds, run, typical
from bench.servers import Hub, hub, sink
from bench.xet import Machine, hash_as_clients_do, wait_until_idle

GIB = 1024
ROUNDS = 3
MOST = 1.6
"""Of the time that the client takes by itself; see docs/decisions/0037-what-an-upload-can-cost.md."""
MOST_CPU = 1.15
"""Of the CPU that the client spends by itself: what repeated, refused and awaited requests would add."""


@dataclass(frozen=True)
class Spent:
    """One upload: time, CPU of the client, CPU of the hub meanwhile, and CPU that it left for the background."""

    wall: float
    client: float
    hub: float
    later: float


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    file = folder / "weights.bin"
    hashing: list[Cost] = []
    alone: list[Cost] = []
    ours: list[Spent] = []
    plain: list[Spent] = []
    with hub(folder) as server, sink(folder) as nowhere:
        repo, other = server.create("model"), server.create("plain")
        for number in range(min(sizes.rounds, ROUNDS)):
            _fresh(file, sizes)
            hashing.append(cost(partial(hash_as_clients_do, file)))
            idle = Machine(nowhere, folder / f"home-alone-{number}")
            alone.append(cost(partial(idle.upload, repo, file, f"{number}.bin")))
            machine = Machine(server, folder / f"home-{number}")
            ours.append(_watch(server, partial(machine.upload, repo, file, f"{number}.bin")))
            oid = _fresh(file, sizes)
            plain.append(_watch(server, partial(upload_lfs, server, other, file, oid)))
    scale, own, client = GIB / sizes.file, typical(hashing), typical(alone)
    wall, spent = (median(getattr(one, name) for one in ours) for name in ("wall", "client"))
    by_xet, by_lfs = median(one.hub for one in ours), median(one.hub for one in plain)
    later = median(one.later for one in ours)
    hashed, taken = "hf_xet.hash_files + sha256", "to a sink that takes all"
    return [
        Figure("hf upload, time", wall, own.wall, "s", hashed, most_ratio=1.3),
        Figure("hf upload, time", wall, client.wall, "s", taken, most_ratio=MOST),
        Figure("hf upload, CPU of the client", spent, own.cpu, "s CPU", hashed),
        Figure("hf upload, CPU of the client", spent, client.cpu, "s CPU", taken, most_ratio=MOST_CPU),
        Figure("hub, CPU a GiB up", by_xet * scale, by_lfs * scale, "s CPU", "the same over LFS"),
        Figure("proof of the sha256, afterwards", later * scale, by_xet * scale, "s CPU", "taking it in"),
    ]


def _fresh(file: Path, sizes: Sizes) -> str:
    oid = random_file(file, sizes.file * MIB)
    run("sync", str(file))
    return oid


def _watch(server: Hub, work: partial[None]) -> Spent:
    """The hub is not counted as the client's, although both were started here: it is still running."""
    before = cpu_seconds(server.pid)
    clock = cost(work)
    spent = cpu_seconds(server.pid) - before
    return Spent(clock.wall, clock.cpu, spent, wait_until_idle(server))
