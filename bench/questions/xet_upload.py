"""How long does `hf upload` take beside the client's own hashing, and what does it cost the hub beside LFS?"""

from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, random_file, upload_lfs
from bench.processes import Cost, cost, cpu_seconds, run, typical
from bench.servers import Hub, hub
from bench.xet import Machine, hash_as_clients_do, wait_until_idle

GIB = 1024


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    file = folder / "weights.bin"
    hashing: list[Cost] = []
    ours: list[tuple[Cost, float]] = []
    plain: list[tuple[Cost, float]] = []
    with hub(folder) as server:
        repo, other = server.create("model"), server.create("plain")
        for number in range(sizes.rounds):
            _fresh(file, sizes)
            hashing.append(cost(partial(hash_as_clients_do, file)))
            machine = Machine(server, folder / f"home-{number}")
            ours.append(_watch(server, partial(machine.upload, repo, file, f"{number}.bin")))
            oid = _fresh(file, sizes)
            plain.append(_watch(server, partial(upload_lfs, server, other, file, oid)))
    scale = GIB / sizes.file
    client, own = typical([one for one, _ in ours]), typical(hashing)
    by_xet, by_lfs = typical([one for one, _ in ours]), typical([one for one, _ in plain])
    proof = sorted(after for _, after in ours)[len(ours) // 2]
    return [
        Figure("hf upload, time", client.wall, own.wall, "s", "hf_xet.hash_files + sha256", most_ratio=1.3),
        Figure("hub, CPU a GiB up", by_xet.cpu * scale, by_lfs.cpu * scale, "s CPU", "the same over LFS"),
        Figure("proof of the sha256", proof * scale, by_xet.cpu * scale, "s CPU", "taking the GiB in"),
    ]


def _fresh(file: Path, sizes: Sizes) -> str:
    oid = random_file(file, sizes.file * MIB)
    run("sync", str(file))
    return oid


def _watch(server: Hub, work: partial[None]) -> tuple[Cost, float]:
    """What the hub spends on some work, and on what that leaves for the background."""
    before = cpu_seconds(server.pid)
    clock = cost(work)
    spent = cpu_seconds(server.pid) - before
    return Cost(clock.wall, spent), wait_until_idle(server)
