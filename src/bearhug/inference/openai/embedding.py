"""What the worker of an embedding model runs: texts in, float32 vectors and token counts out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bearhug.inference.tasks.feature_extraction import FeatureExtraction
from bearhug.inference.tasks.gathering import Gathering, Wish
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order


class EmbeddingServant:
    """Answers `{texts}` with `{tokens, size}` and the vectors as bytes, [texts, size] of little-endian float32."""

    def __init__(self, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = FeatureExtraction.load(Source(Path(folder), pickles=pickles, code=code))
        self._gathering = Gathering(self._done)

    def answer(self, order: Order) -> Iterator[Item]:
        """One item; calls that wait together share batches."""
        item = self._gathering.ask(Wish(order.data["texts"], "texts", order.left))
        if not order.left.is_set():
            yield item

    def _done(self, wishes: Sequence[Wish]) -> Sequence[Item]:
        self._task.stop = lambda: all(wish.left.is_set() for wish in wishes)
        rows = self._task.encoder.rows([text for wish in wishes for text in wish.inputs])
        vectors, items, at = self._task.pooled(rows).numpy().astype("<f4"), [], 0
        for wish in wishes:
            end = at + len(wish.inputs)
            tokens = sum(len(row["input_ids"]) for row in rows[at:end])
            items.append(Item({"tokens": tokens, "size": vectors.shape[1]}, vectors[at:end].tobytes()))
            at = end
        return items
