"""How fast does a large file come down, whole and in part, beside nginx with sendfile?"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, commit, download_address, lfs_line, random_file, upload_lfs
from bench.processes import Cost, cost, rest, typical
from bench.servers import Server, hub, nginx

AT_ONCE = 4


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    file = folder / "files" / "weights"
    file.parent.mkdir()
    size = sizes.file * MIB
    oid = random_file(file, size)
    with hub(folder) as server, nginx(folder / "nginx", file.parent) as other:
        repo = server.create("model")
        upload_lfs(server, repo, file, oid)
        with server.signed_in() as connection:
            commit(connection, repo, [lfs_line("weights", oid, size)])
            address = download_address(connection, repo, "weights")
        rest(server.pid)  # what came is cut into chunks beside
        figures: list[Figure] = []
        part = {"Range": f"bytes={size // 3}-{size // 3 + size // 4 - 1}"}
        for what, headers, at_once in (("whole", {}, 1), ("a quarter", part, 1), ("whole, four at once", {}, AT_ONCE)):
            # turn and turn about, so that a busy machine meets both
            pairs = [
                (_fetch(server, address, headers, at_once), _fetch(other, "/weights", headers, at_once))
                for _ in range(sizes.rounds + 1)
            ][1:]
            ours, theirs = typical([pair[0] for pair in pairs]), typical([pair[1] for pair in pairs])
            figures.append(Figure(f"{what}, time", ours.wall, theirs.wall, "s", "nginx sendfile", most_ratio=1.1))
            figures.append(Figure(f"{what}, CPU", ours.cpu, theirs.cpu, "s CPU", "nginx sendfile"))
    return figures


def _fetch(server: Server, address: str, headers: dict[str, str], at_once: int) -> Cost:
    def one(_: int) -> None:
        with server.connect() as connection:
            connection.drain(address, headers).good()

    def all_() -> None:
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(one, range(at_once)))

    return cost(all_, of=server.pid)
