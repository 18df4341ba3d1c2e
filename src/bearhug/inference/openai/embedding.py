"""What the worker of an embedding model runs: texts in, float32 vectors and token counts out."""

from collections.abc import Iterator
from pathlib import Path

from bearhug.inference.tasks.feature_extraction import FeatureExtraction
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order


class EmbeddingServant:
    """Answers `{texts}` with `{tokens, size}` and the vectors as bytes, [texts, size] of little-endian float32."""

    def __init__(self, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = FeatureExtraction.load(Source(Path(folder), pickles=pickles, code=code))

    def answer(self, order: Order) -> Iterator[Item]:
        self._task.stop = order.left.is_set
        rows = self._task.encoder.rows(order.data["texts"])
        vectors = self._task.pooled(rows)
        tokens = sum(len(row["input_ids"]) for row in rows)
        yield Item({"tokens": tokens, "size": vectors.shape[1]}, vectors.numpy().astype("<f4").tobytes())
