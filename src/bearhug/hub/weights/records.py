"""Tensors as people look at them."""

from collections.abc import Mapping
from dataclasses import dataclass

from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class TensorRow:
    """One tensor of a model; `size` in bytes is None for a type of which it is not known."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    elements: int
    size: int | None
    file: str


@dataclass(frozen=True)
class Listed:
    """The tensors of a model, the files that hold them, and what the header says besides.

    `choices` are all weights of the revision: single files, or the first of several shards.
    """

    repo: Repo
    path: str
    choices: tuple[str, ...]
    rows: tuple[TensorRow, ...]
    metadata: Mapping[str, str]
