"""Collects from a commit what facts are derived from; the only part of the indexer that reads files."""

from collections.abc import Callable
from dataclasses import replace

from bearhug.base.content import Content
from bearhug.formats import lfs_pointer
from bearhug.formats.front_matter import FrontMatterError, split
from bearhug.formats.values import Json, ValuesError, parse_json
from bearhug.hub.cards.evaluations import evaluations_of
from bearhug.hub.cards.model_config import quantization_of
from bearhug.hub.cards.records import JsonObject, Source
from bearhug.hub.cards.weights_summary import gguf_summary, safetensors_summary
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Entry

Fetch = Callable[[str], Content | None]
"""`fetch(sha256)`: the bytes of a large file of this repository; None when they are not there."""

CARD = "README.md"
LARGEST_CARD = 2 << 20
LARGEST_DOCUMENT = 8 << 20
LARGEST_EVALUATIONS = 64 << 10
DOCUMENTS = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "processor_config.json",
    "chat_template.json",
    "adapter_config.json",
    "model_index.json",
    "config_sentence_transformers.json",
    "metadata.json",
)
TEMPLATE = "chat_template.jinja"
MOST_FILES = 50_000


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
        source = Source(kind, metadata, body, problem, files=files)
        if kind != "model":
            return source
        documents = {path: self._document(path) for path in DOCUMENTS if path in files}
        source = replace(
            source,
            documents={path: value for path, value in documents.items() if value is not None},
            chat_template=self._text(TEMPLATE) if TEMPLATE in files else None,
            evaluations=evaluations_of(files, self._small),
        )
        return replace(
            source,
            safetensors=safetensors_summary(files, quantization_of(source), self._content),
            gguf=gguf_summary(files, self._content),
        )

    def body(self) -> str:
        """What the card says behind its metadata; empty where there is none."""
        return self._card()[1]

    def _files(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in self._reading.walk(self._commit):
            if entry.kind == "file":
                found[entry.path] = entry.size
            if len(found) >= MOST_FILES:
                break
        return found

    def _card(self) -> tuple[JsonObject, str, str | None]:
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

    def _small(self, path: str) -> str | None:
        content = self._reading.file(self._commit, path, limit=LARGEST_EVALUATIONS)
        return content.decode("utf-8", "replace") if content is not None else None

    def _document(self, path: str) -> Json:
        content = self._content(path)
        if content is None or content.size > LARGEST_DOCUMENT:
            return None
        try:
            return parse_json(content.read_at(0, content.size), limit=LARGEST_DOCUMENT)
        except ValuesError:
            return None

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
