"""Machines that speak Xet: each with its own memory of what it sent, driven by the real client."""

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.processes import cpu_seconds, run
from bench.servers import Hub

HF = str(Path(sys.executable).with_name("hf"))
QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
HASH = """
import hashlib, sys
import hf_xet
hf_xet.hash_files([sys.argv[1]])
with open(sys.argv[1], "rb") as file:
    hashlib.file_digest(file, "sha256")
"""
Tensors = dict[str, bytes]


@dataclass(frozen=True)
class Machine:
    """One person's machine; `xet` off means that it goes the way of git-lfs."""

    hub: Hub
    home: Path
    xet: bool = True

    def upload(self, repo: str, file: Path, path: str) -> None:
        self._hf("upload", repo, str(file), path)

    def download(self, repo: str, path: str, folder: Path) -> None:
        self._hf("download", repo, path, "--local-dir", str(folder))

    def _hf(self, *words: str) -> None:
        told = {
            "HF_ENDPOINT": f"http://127.0.0.1:{self.hub.port}",
            "HF_HOME": str(self.home),
            "HF_TOKEN": self.hub.token,
            "HF_HUB_DISABLE_XET": "0" if self.xet else "1",
        }
        run(HF, *words, env={**os.environ, **QUIET, **told})


def wait_until_idle(hub: Hub) -> float:
    """Wait until the hub has done what is left to do in the background; the CPU seconds of that."""
    started = spent = cpu_seconds(hub.pid)
    while True:
        time.sleep(1.5)
        now = cpu_seconds(hub.pid)
        if now - spent < 0.03:
            return now - started
        spent = now


def hash_as_clients_do(file: Path) -> None:
    """What a client computes of a file before it knows what to send: chunks with their hashes, and the sha256."""
    run(sys.executable, "-c", HASH, str(file))


def kept(hub: Hub, folder: str = "xorbs") -> int:
    """Bytes of xorbs, or of other files, in the hub's data folder."""
    files = (path for path in (hub.data / folder).rglob("*") if len(path.name) == 64)
    return sum(path.stat().st_size for path in files)


def weights(seed: int, count: int, *, wide: bool = False) -> bytes:
    """`count` bfloat16 weights as a training leaves them: normal, small; or float32, where `wide`."""
    values = np.random.default_rng(seed).normal(scale=0.02, size=count).astype(np.float32)
    return values.tobytes() if wide else (values.view(np.uint32) >> 16).astype("<u2").tobytes()


def write_model(file: Path, tensors: Iterable[bytes], note: str = "") -> int:
    """Tensors behind a header that names them, as safetensors lays them out; the size of the file."""
    parts = list(tensors)
    names = ",".join(f'"layer.{number}.weight":{{"len":{len(part)}}}' for number, part in enumerate(parts))
    header = f'{{"__metadata__":{{"note":"{note}"}},{names}}}'.encode()
    with file.open("wb") as out:
        out.write(len(header).to_bytes(8, "little") + header)
        for part in parts:
            out.write(part)
    return file.stat().st_size
