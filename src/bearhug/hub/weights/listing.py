"""Lists the tensors of a model from the headers of its files alone."""

from collections.abc import Iterable, Mapping

from bearhug.base.db import Tx
from bearhug.base.errors import EntryNotFound, Unprocessable
from bearhug.formats import gguf, safetensors
from bearhug.formats.gguf import GgufError
from bearhug.formats.gguf_types import bytes_of, type_name
from bearhug.formats.safetensors import SafetensorsError
from bearhug.hub.access.records import Actor
from bearhug.hub.files.service import Files, Opened
from bearhug.hub.repos.records import RepoName
from bearhug.hub.weights.records import Listed, TensorRow

INDEX = ".safetensors.index.json"
SINGLE = ".safetensors"
GGUF = ".gguf"
MOST_CHOICES = 200
MOST_FILES = 50_000
MOST_METADATA = 60
LONGEST_VALUE = 200


class Listing:
    """Tensor tables."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def tensors(self, actor: Actor, name: RepoName, rev: str, path: str) -> Listed:
        """Of a file, of all shards that an index names, or of the first weights there are if `path` is empty."""
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, rev)
            choices = _choices(self._paths(opened))
            path = path or next(iter(choices), "")
            if not path.endswith((SINGLE, INDEX, GGUF)):
                raise EntryNotFound("There are no weights in safetensors or GGUF at this place.")
            read = self._gguf if path.endswith(GGUF) else self._safetensors
            try:
                rows, metadata = read(tx, opened, path)
            except (SafetensorsError, GgufError) as error:
                raise Unprocessable(f"{path} cannot be read: {error}") from error
        return Listed(opened.repo, path, choices, tuple(rows), metadata)

    def _paths(self, opened: Opened) -> list[str]:
        found = []
        for number, entry in enumerate(opened.reading.walk(opened.revision.oid)):
            if entry.kind == "file" and entry.path.endswith((SINGLE, INDEX, GGUF)):
                found.append(entry.path)
            if number >= MOST_FILES:
                break
        return found

    def _safetensors(self, tx: Tx, opened: Opened, path: str) -> tuple[list[TensorRow], Mapping[str, str]]:
        paths = [path]
        if path.endswith(INDEX):
            content = self._files.content(tx, opened, path)
            if content.size > safetensors.LARGEST_INDEX:
                raise SafetensorsError("The index is too large.")
            folder = path.rpartition("/")[0]
            shards = safetensors.parse_index(content.read_at(0, content.size)).shards
            paths = [f"{folder}/{shard}" if folder else shard for shard in shards]
        rows: list[TensorRow] = []
        metadata: dict[str, str] = {}
        for file in paths:
            content = self._files.content(tx, opened, file)
            header = safetensors.read_header(content.read_at, content.size)
            rows += [
                TensorRow(name, one.dtype, one.shape, one.elements, one.end - one.start, file)
                for name, one in header.tensors.items()
            ]
            metadata |= header.metadata
            if len(rows) > safetensors.MOST_TENSORS:
                raise SafetensorsError("There are too many tensors.")
        return rows, _short(metadata.items())

    def _gguf(self, tx: Tx, opened: Opened, path: str) -> tuple[list[TensorRow], Mapping[str, str]]:
        rows: list[TensorRow] = []
        said: dict[str, str] = {}
        for file in gguf.shards(path):
            content = self._files.content(tx, opened, file)
            header = gguf.read_header(content.read_at, content.size)
            rows += [
                TensorRow(
                    one.name, type_name(one.kind), one.shape, one.elements, bytes_of(one.kind, one.elements), file
                )
                for one in header.tensors
            ]
            said = said or {key: str(value) for key, value in header.metadata.items() if _is_scalar(value)}
        return rows, _short(said.items())


def _choices(paths: Iterable[str]) -> tuple[str, ...]:
    """One path a model: an index stands for its shards, the first of GGUF's shards for the others."""
    known = sorted(paths)
    indexed = {path.removesuffix(INDEX) for path in known if path.endswith(INDEX)}
    found = [
        path
        for path in known
        if gguf.shards(path)[0] == path and not any(path.startswith(f"{stem}-") and "-of-" in path for stem in indexed)
    ]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path))[:MOST_CHOICES])


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _short(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """As much of the metadata as people look at."""
    return {key[:LONGEST_VALUE]: value[:LONGEST_VALUE] for key, value in list(entries)[:MOST_METADATA]}
