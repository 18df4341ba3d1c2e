"""Reads the headers of safetensors files at a revision."""

from dataclasses import dataclass
from typing import Any

from bearhug.base.db import Tx
from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.formats import safetensors
from bearhug.formats.safetensors import Header, Index, SafetensorsError
from bearhug.hub.access.records import Actor
from bearhug.hub.files.service import Files, Opened
from bearhug.hub.repos.records import RepoName

INDEX_ENDING = ".index.json"


@dataclass(frozen=True)
class WeightHeaders:
    """Headers by file name; `index` is the metadata of a sharded model's index."""

    headers: dict[str, Header]
    index: dict[str, Any] | None = None


class Weights:
    """Headers without tensors."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def headers(self, actor: Actor, name: RepoName, rev: str, path: str) -> WeightHeaders:
        """Of one safetensors file, or of every shard that an index names."""
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, rev)
            if path.endswith(".safetensors"):
                return WeightHeaders({path: self._header(tx, opened, path)})
            if not path.endswith(INDEX_ENDING):
                raise BadRequest("Ask for a .safetensors file or for the .index.json of a sharded model.")
            index = self._index(tx, opened, path)
            folder = path.rpartition("/")[0]
            places = {shard: f"{folder}/{shard}" if folder else shard for shard in index.shards}
            headers = {shard: self._header(tx, opened, place) for shard, place in places.items()}
        return WeightHeaders(headers, dict(index.metadata))

    def _header(self, tx: Tx, opened: Opened, path: str) -> Header:
        content = self._files.content(tx, opened, path)
        try:
            return safetensors.read_header(content.read_at, content.size)
        except SafetensorsError as error:
            raise Unprocessable(f"{path} is not a safetensors file: {error}") from error

    def _index(self, tx: Tx, opened: Opened, path: str) -> Index:
        content = self._files.content(tx, opened, path)
        if content.size > safetensors.LARGEST_INDEX:
            raise Unprocessable(f"{path} is too large for an index.")
        try:
            return safetensors.parse_index(content.read_at(0, content.size))
        except SafetensorsError as error:
            raise Unprocessable(f"{path} is not the index of a sharded model: {error}") from error
