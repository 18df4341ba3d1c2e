"""Does the hub's memory grow while a very large file goes up and comes down, beside a file of 16 MiB?"""

from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, commit, download_address, lfs_line, sparse_file, upload_lfs
from bench.processes import forget_peak, memory_mb
from bench.servers import Hub, hub

SMALL = 16
GROWTH = 1.25


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    small = _peaks(folder, "small", SMALL)
    big = _peaks(folder, "big", sizes.big_file)
    return [
        Figure(f"most memory, {what}", ours, theirs, "MB", f"{SMALL} MiB file", most_ratio=GROWTH)
        for what, ours, theirs in zip(("up", "down", "down by a range"), big, small, strict=True)
    ]


def _peaks(folder: Path, name: str, mebibytes: int) -> list[float]:
    file = folder / f"{name}.bin"
    size = mebibytes * MIB
    oid = sparse_file(file, size)
    with hub(folder) as server:
        repo = server.create(name)
        up = _peak(server, lambda: upload_lfs(server, repo, file, oid))
        with server.signed_in() as connection:
            commit(connection, repo, [lfs_line("big.bin", oid, size)])
            address = download_address(connection, repo, "big.bin")
        file.unlink()
        down = _peak(server, lambda: _fetch(server, address, {}))
        part = _peak(server, lambda: _fetch(server, address, {"Range": f"bytes=1-{size - 2}"}))
    return [up, down, part]


def _peak(server: Hub, work: Callable[[], object]) -> float:
    forget_peak(server.pid)
    work()
    return memory_mb(server.pid, peak=True)


def _fetch(server: Hub, address: str, headers: dict[str, str]) -> None:
    with server.connect() as connection:
        connection.drain(address, headers).good()
