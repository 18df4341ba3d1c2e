"""How large are the rows of many chunks, and how long does it take to check them or to make them again?"""

import os
import sqlite3
import time
from pathlib import Path

import numpy as np

from bearhug import config
from bearhug.app import build
from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_footer import write_footer
from bearhug.formats.xet_hashes import HASH_LENGTH, range_hash
from bearhug.formats.xet_merkle import file_hash, merkle_root
from bearhug.formats.xet_shard import TERM, FileRecipe
from bearhug.formats.xet_xorb import XorbIndex
from bench.figures import Figure, Sizes
from bench.processes import cost, run
from bench.servers import BEARHUG, hub

CHUNKS_A_XORB = 1000
RAW = 65_536
PER_REQUEST = 500
"""A million chunks at full size, where questions are asked 2,000 times."""


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    count = sizes.requests * PER_REQUEST
    with hub(folder) as server:
        data = server.data
    empty = _size(data)
    started = time.perf_counter()
    _fill(data, count)
    print(f"{count} chunks made in {time.perf_counter() - started:.0f} s", flush=True)
    rebuild = cost(lambda: run(BEARHUG, "fsck", "--data", str(data)))
    check = cost(lambda: run(BEARHUG, "fsck", "--data", str(data)))
    rows = (_size(data) - empty) / 1e6
    scale = 1e6 / count
    footers = count * 40 / 1e6
    return [
        Figure("rows, a million chunks", rows * scale, footers * scale, "MB", "footers on the disk"),
        Figure("fsck, rows from the disk", rebuild.wall * scale, check.wall * scale, "s", "fsck, nothing to do"),
    ]


def _fill(data: Path, count: int) -> None:
    """Sparse xorbs with true names, and one file for every ten of them, without rows."""
    app = build(config.load(data))
    app.db.close()
    chance = np.random.default_rng(1)
    lengths = np.full(CHUNKS_A_XORB, RAW, "<u4")
    offsets = np.arange(CHUNKS_A_XORB + 1, dtype="<u4") * (RAW + 8)
    assert RAW <= MAX_CHUNK
    files: list[FileRecipe] = []
    group: list[XorbIndex] = []
    for _ in range(count // CHUNKS_A_XORB):
        hashes = chance.bytes(CHUNKS_A_XORB * HASH_LENGTH)
        index = XorbIndex(merkle_root(hashes, lengths), hashes, offsets, lengths)
        path = app.xorbs.path(index.xorb_hash)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            os.truncate(file.fileno(), index.body_length)
            file.seek(index.body_length)
            file.write(write_footer(index))
        group.append(index)
        if len(group) == 10:
            files.append(_recipe(group))
            group = []
    app.recipes.journal.write(files)


def _recipe(xorbs: list[XorbIndex]) -> FileRecipe:
    rows = [(xorb.xorb_hash, 0, xorb.raw_length, 0, xorb.count) for xorb in xorbs]
    every = b"".join(xorb.hashes for xorb in xorbs)
    proofs = b"".join(range_hash(xorb.hashes) for xorb in xorbs)
    lengths = np.concatenate([xorb.lengths for xorb in xorbs])
    return FileRecipe(file_hash(every, lengths), np.array(rows, TERM), proofs, bytes(32))


def _size(data: Path) -> int:
    with sqlite3.connect(data / "bearhug.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(connection.execute("PRAGMA page_count").fetchone()[0]) * 4096
