"""How fast are Xet's formats on one core? MB of raw data per CPU second, and the ratio to BLAKE3 alone."""

import io
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from bearhug.formats.xet_chunker import Chunker, cut_points
from bearhug.formats.xet_hashes import chunk_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_packer import FilePacker
from bearhug.formats.xet_xorb import XorbIndex, XorbWriter, decode_range, scan_xorb

LENGTH = 32 << 20
CHUNKS = 1_000_000


def measure(work: Callable[[], object]) -> float:
    """CPU seconds of the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def samples() -> dict[str, bytes]:
    """Data that packs not at all, a little by groups, and well by LZ4."""
    chance = np.random.default_rng(0)
    weights = chance.normal(scale=0.02, size=LENGTH // 2).astype(np.float32).view(np.uint32) >> 16
    lines = "".join(f'{{"id": {i}, "text": "row {i * 7919 % 10007}"}}\n' for i in range(LENGTH // 33))
    return {"random": chance.bytes(LENGTH), "bf16": weights.astype("<u2").tobytes(), "text": lines.encode()}


def hash_all(chunks: list[bytes]) -> None:
    """The baseline: BLAKE3 over every chunk."""
    for chunk in chunks:
        chunk_hash(chunk)


def decode(body: bytes, index: XorbIndex) -> None:
    """A whole xorb unpacked."""
    for _ in decode_range(body, index, 0, index.count):
        pass


def write_xorb(chunks: list[bytes]) -> tuple[bytes, XorbIndex]:
    """All chunks in one xorb."""
    out = io.BytesIO()
    writer = XorbWriter(out)
    for chunk in chunks:
        writer.add(chunk, chunk_hash(chunk))
    return out.getvalue(), writer.index()


def pack(data: bytes) -> None:
    """A whole file through the packer, in parts of 1 MiB."""
    packer = FilePacker(io.BytesIO, lambda _out, _index: None)
    packer.add_file(data[at : at + (1 << 20)] for at in range(0, len(data), 1 << 20))
    packer.close()


def main() -> None:
    """Print one line a question."""
    hashing = 0.0
    for name, data in samples().items():
        chunker = Chunker()
        chunks = [*chunker.feed(data), *chunker.finish()]
        body, index = write_xorb(chunks)
        questions: dict[str, Callable[[], object]] = {
            "hash": partial(hash_all, chunks),
            "chunk": partial(cut_points, data),
            "write xorb": partial(write_xorb, chunks),
            "scan xorb": partial(scan_xorb, body),
            "decode": partial(decode, body, index),
            "pack file": partial(pack, data),
        }
        for question, work in questions.items():
            speed = len(data) / measure(work) / 1e6
            hashing = speed if question == "hash" else hashing
            print(f"{name:7} {question:11} {speed:7.0f} MB/s  {speed / hashing:5.2f} of hashing")
    lengths = np.random.default_rng(1).integers(8192, 131072, CHUNKS)
    hashes = np.random.default_rng(2).bytes(32 * CHUNKS)
    print(f"file hash of {CHUNKS} chunks: {measure(lambda: file_hash(hashes, lengths)):.2f} s")


if __name__ == "__main__":
    main()
