"""Tensors of a model folder as arrays, mapped from its safetensors files and never read whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bearhug.formats.safetensors import Header, SafetensorsError, Tensor, parse_index, read_header

TYPES = {"F32": np.float32, "F16": np.float16, "F64": np.float64}
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
LARGEST_CONFIG = 1 << 20

Array = NDArray[Any]


class WeightsMissing(ValueError):
    """The folder has no weights that can be read safely; the text says which files would do."""


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A small JSON object of the folder; {} when it is not there. Raises ValueError."""
    file = folder / name
    if not file.exists():
        return {}
    if file.stat().st_size > LARGEST_CONFIG:
        raise ValueError(f"{name} is too large.")
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{name} is no JSON object.")
    return found


class Weights:
    """The tensors of a folder by name. Every one that is taken is struck off; `left` names the others."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, tuple[Path, int, Tensor]] = {}
        for file in _files(folder):
            start, header = _header(file)
            self._files.update({name: (file, start, tensor) for name, tensor in header.tensors.items()})
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    @property
    def left(self) -> Iterator[str]:
        return (name for name in self._files if name not in self._taken)

    def take(self, name: str) -> Array:
        """The tensor as float32. Raises ValueError when it is not there or of an unknown type."""
        if name not in self._files:
            raise ValueError(f'The weights have no tensor "{name}".')
        self._taken.add(name)
        file, start, tensor = self._files[name]
        place, shape = start + tensor.start, tensor.shape
        if tensor.dtype == "BF16":
            raw = np.memmap(file, np.uint16, "r", place, shape)
            return (raw.astype(np.uint32) << 16).view(np.float32)
        if tensor.dtype not in TYPES:
            raise ValueError(f"Tensors of the type {tensor.dtype} are not run here.")
        return np.asarray(np.memmap(file, TYPES[tensor.dtype], "r", place, shape)).astype(np.float32, copy=False)


def _files(folder: Path) -> list[Path]:
    if (folder / INDEX).exists():
        return [folder / name for name in parse_index((folder / INDEX).read_bytes()).shards]
    if (folder / SINGLE).exists():
        return [folder / SINGLE]
    raise WeightsMissing(f"There is neither {SINGLE} nor {INDEX}.")


def _header(file: Path) -> tuple[int, Header]:
    """Where the tensors of a file begin, and its header."""
    if not file.is_file():
        raise WeightsMissing(f"{file.name} is missing.")
    with file.open("rb") as source:

        def read(offset: int, size: int) -> bytes:
            source.seek(offset)
            return source.read(size)

        try:
            header = read_header(read, file.stat().st_size)
        except SafetensorsError as error:
            raise ValueError(f"{file.name}: {error}") from error
        return 8 + int.from_bytes(read(0, 8), "little"), header
