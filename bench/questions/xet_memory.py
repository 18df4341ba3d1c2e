"""Does the hub's memory grow with eight large uploads over Xet at once, beside one small one?"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.made import MIB, random_file
from bench.processes import forget_peak, memory_mb
from bench.servers import hub
from bench.xet import Machine, wait_until_idle

AT_ONCE = 8
SMALL = 16
MOST = 400


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    one = _peak(folder / "one", 1, SMALL)
    eight = _peak(folder / "eight", AT_ONCE, sizes.file)
    what = f"most memory, {AT_ONCE} uploads of {sizes.file} MiB at once"
    return [Figure(what, eight, one, "MB", f"one upload of {SMALL} MiB", most=MOST)]


def _peak(folder: Path, count: int, mebibytes: int) -> float:
    folder.mkdir()
    with hub(folder) as server:
        repo = server.create("model")
        machines = []
        for number in range(count):
            file = folder / f"{number}.bin"
            random_file(file, mebibytes * MIB)
            machines.append((Machine(server, folder / f"home-{number}"), file))
        forget_peak(server.pid)
        with ThreadPoolExecutor(count) as people:
            done = [people.submit(machine.upload, repo, file, file.name) for machine, file in machines]
        for one in done:
            one.result()
        wait_until_idle(server)
        return memory_mb(server.pid, peak=True)
