"""How long does a random 4 KiB of a large file take: from chunks, and from a whole file?"""

import random
import time
from pathlib import Path

from bench.figures import Figure, Sizes, percentile
from bench.made import MIB, commit, lfs_line, random_file, upload_lfs
from bench.servers import Hub, hub, run_settings
from bench.xet import Machine, wait_until_idle, weights

LENGTH = 4096


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    file, packed, plain = folder / "weights.bin", folder / "packed.bin", folder / "plain.bin"
    random_file(file, sizes.file * MIB)
    oid = random_file(plain, sizes.file * MIB)
    packed.write_bytes(weights(1, sizes.file * MIB // 2))
    with hub(folder) as server:
        run_settings(server, "pack_files", "false")
        chunks, whole = server.create("chunks"), server.create("whole")
        for one in (file, packed):
            Machine(server, folder / "home").upload(chunks, one, one.name)
        upload_lfs(server, whole, plain, oid)
        with server.signed_in() as connection:
            commit(connection, whole, [lfs_line(plain.name, oid, plain.stat().st_size)])
        wait_until_idle(server)
        base = _times(server, whole, plain, sizes.requests)
        raw, bf16 = (_times(server, chunks, one, sizes.requests) for one in (file, packed))
    beside = "the same from a whole file"
    return [
        Figure(f"{what} {share:.0%}", percentile(ours, share), percentile(base, share), "ms", beside)
        for what, ours in (("4 KiB of raw chunks", raw), ("4 KiB of bf16 chunks", bf16))
        for share in (0.5, 0.95)
    ]


def _times(server: Hub, repo: str, file: Path, count: int) -> list[float]:
    chance, found = random.Random(1), []
    size = file.stat().st_size
    with server.signed_in() as connection:
        for _ in range(count):
            start = chance.randrange(size - LENGTH)
            headers = {"Range": f"bytes={start}-{start + LENGTH - 1}"}
            began = time.perf_counter()
            connection.ask("GET", f"/{repo}/resolve/main/{file.name}", headers).good()
            found.append((time.perf_counter() - began) * 1000)
    return found
