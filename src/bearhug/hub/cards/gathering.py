"""Collects from a commit what facts are derived from; the only part of the indexer that reads files."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from bearhug.base.content import Content
from bearhug.formats import gguf, lfs_pointer, safetensors
from bearhug.formats.front_matter import FrontMatterError, split
from bearhug.hub.cards.records import Json, Source
from bearhug.hub.git.records import Entry
from bearhug.hub.git.service import Reading

Fetch = Callable[[str], Content | None]
"""`fetch(sha256)`: the bytes of a large file of this repository; None when they are not there."""

CARD = "README.md"
LARGEST_CARD = 2 << 20
LARGEST_DOCUMENT = 4 << 20
DOCUMENTS = (
    "config.json",
    "tokenizer_config.json",
    "adapter_config.json",
    "model_index.json",
    "modules.json",
    "model.safetensors.index.json",
)
TEMPLATE = "chat_template.jinja"
MOST_FILES = 50_000
MOST_SHARDS = 300


class Gatherer:
    """One repository at one commit."""

    def __init__(self, reading: Reading, commit: str, fetch: Fetch) -> None:
        self._reading = reading
        self._commit = commit
        self._fetch = fetch

    def source(self, kind: str) -> Source:
        """Read what facts of this kind need, each piece with a limit; what cannot be read is left out."""
        files = self._files()
        metadata, body, problem = self._card()
        if kind != "model":
            return Source(kind, metadata, body, problem, files=files)
        documents = {path: self._document(path) for path in DOCUMENTS if path in files}
        return Source(
            kind,
            metadata,
            body,
            problem,
            files=files,
            documents={path: value for path, value in documents.items() if value is not None},
            safetensors=self._safetensors(files, documents.get("model.safetensors.index.json")),
            gguf=self._gguf(files),
            chat_template=self._text(TEMPLATE) if TEMPLATE in files else None,
        )

    def _files(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in self._reading.walk(self._commit):
            if entry.kind == "file":
                found[entry.path] = entry.size
            if len(found) >= MOST_FILES:
                break
        return found

    def _card(self) -> tuple[Json, str, str | None]:
        content = self._reading.file(self._commit, CARD, limit=LARGEST_CARD)
        if content is None:
            return {}, "", None
        text = content.decode("utf-8", "replace")
        try:
            metadata, body = split(text)
        except FrontMatterError as error:
            return {}, text, str(error)
        return metadata, body, None

    def _text(self, path: str) -> str | None:
        content = self._reading.file(self._commit, path, limit=LARGEST_DOCUMENT)
        return content.decode("utf-8", "replace") if content is not None else None

    def _document(self, path: str) -> Any:
        text = self._text(path)
        try:
            return json.loads(text) if text is not None else None
        except (ValueError, RecursionError):
            return None

    # weights -----------------------------------------------------------------------------------------------

    def _safetensors(self, files: Iterable[str], index: Any) -> Json | None:
        """Parameters by type and in all, added up over the shards of a sharded model."""
        paths = _shards(index) or [path for path in ("model.safetensors",) if path in files]
        counts: dict[str, int] = {}
        for path in paths[:MOST_SHARDS]:
            content = self._content(path)
            if content is None:
                return None
            try:
                header = safetensors.read_header(content.read_at, content.size)
            except safetensors.SafetensorsError:
                return None
            for dtype, count in header.parameters.items():
                counts[dtype] = counts.get(dtype, 0) + count
        return {"parameters": counts, "total": sum(counts.values())} if counts else None

    def _gguf(self, files: Iterable[str]) -> Json | None:
        """The header of the first GGUF file that is not a projector."""
        paths = sorted(path for path in files if path.lower().endswith(".gguf") and "mmproj" not in path.lower())
        content = self._content(paths[0]) if paths else None
        if content is None:
            return None
        try:
            header = gguf.read_header(content.read_at, content.size)
        except gguf.GgufError:
            return None
        return header.summary()

    def _content(self, path: str) -> Content | None:
        entry = self._reading.entry(self._commit, path)
        if entry is None or entry.kind != "file":
            return None
        pointer = self._pointer(entry)
        if pointer is not None:
            return self._fetch(pointer)
        data = self._reading.blob(entry.oid)
        return Content(len(data), f'"{entry.oid}"', read=lambda start, size: data[start : start + size])

    def _pointer(self, entry: Entry) -> str | None:
        if not lfs_pointer.SMALLEST <= entry.size <= lfs_pointer.LARGEST:
            return None
        found = lfs_pointer.parse(self._reading.blob(entry.oid))
        return found.oid if found else None


def _shards(index: Any) -> list[str]:
    """Files that a sharded model's index names, each once."""
    weights = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(weights, dict):
        return []
    return sorted({path for path in weights.values() if isinstance(path, str)})
