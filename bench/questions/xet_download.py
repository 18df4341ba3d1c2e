"""What does a GiB down cost the hub: over Xet, put together from chunks, and sent whole by the kernel?"""

from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, commit, download_address, lfs_line, random_file, upload_lfs
from bench.processes import Cost, cost, cpu_seconds, typical
from bench.servers import Hub, hub, run_settings
from bench.xet import Machine, wait_until_idle, weights

GIB = 1024
AIM = 1.074
"""CPU seconds a GiB at one GB a CPU second."""


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    raw, packed, plain = folder / "raw.bin", folder / "packed.bin", folder / "plain.bin"
    random_file(raw, sizes.file * MIB)
    oid = random_file(plain, sizes.file * MIB)
    packed.write_bytes(weights(1, sizes.file * MIB // 2))
    with hub(folder) as server:
        run_settings(server, "pack_files", "false")
        chunks, whole = server.create("chunks"), server.create("whole")
        for file in (raw, packed):
            Machine(server, folder / "home").upload(chunks, file, file.name)
        upload_lfs(server, whole, plain, oid)
        with server.signed_in() as connection:
            commit(connection, whole, [lfs_line(plain.name, oid, plain.stat().st_size)])
        wait_until_idle(server)
        scale = GIB / sizes.file
        base = _drained(server, whole, plain, sizes.rounds) * scale
        rows = [
            ("by hf download, Xet", _fetched(server, folder, chunks, raw.name, sizes.rounds), AIM),
            ("put together, raw chunks", _drained(server, chunks, raw, 1), AIM),
            ("put together, bf16 chunks", _drained(server, chunks, packed, 1), AIM),
        ]
    return [Figure(what, spent * scale, base, "s CPU", "a whole file over HTTP", most=aim) for what, spent, aim in rows]


def _drained(server: Hub, repo: str, file: Path, rounds: int) -> float:
    """CPU seconds of a plain download; one only of chunks, because files read twice are kept whole."""
    with server.signed_in() as connection:
        address = download_address(connection, repo, file.name)
        costs = [cost(lambda: connection.drain(address).good(), of=server.pid) for _ in range(rounds)]
    return typical(costs).cpu


def _fetched(server: Hub, folder: Path, repo: str, name: str, rounds: int) -> float:
    costs = []
    for number in range(rounds):
        machine = Machine(server, folder / f"reader-{number}")
        before = cpu_seconds(server.pid)
        wall = cost(partial(machine.download, repo, name, folder / f"down-{number}")).wall
        costs.append(Cost(wall, cpu_seconds(server.pid) - before))
        (folder / f"down-{number}" / name).unlink()
    return typical(costs).cpu
