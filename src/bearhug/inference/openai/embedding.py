"""What the worker of an embedding model runs: texts or token ids in, float32 vectors and token counts out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.adapter import whole
from bearhug.inference.tasks.feature_extraction import FeatureExtraction
from bearhug.inference.tasks.gathering import Gathering, Wish
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order


class EmbeddingServant:
    """Answers `{inputs}` with `{tokens, size}` and the vectors as bytes, [texts, size] of little-endian float32."""

    def __init__(self, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = FeatureExtraction.load(Source(whole(Path(folder)), pickles=pickles, code=code))
        self._task.encoder.advice = "Send less."
        self._frame = _frame(self._task.tokenizer)
        self._gathering = Gathering(self._done)

    def answer(self, order: Order) -> Iterator[Item]:
        """One item; calls that wait together share batches."""
        item = self._gathering.ask(Wish(order.data["inputs"], "inputs", order.left))
        if not order.left.is_set():
            yield item

    def _done(self, wishes: Sequence[Wish]) -> Sequence[Item]:
        self._task.stop = lambda: all(wish.left.is_set() for wish in wishes)
        rows = [row for wish in wishes for row in self._rows(wish.inputs)]
        vectors, items, at = self._task.pooled(rows).numpy().astype("<f4"), [], 0
        for wish in wishes:
            end = at + len(wish.inputs)
            tokens = sum(len(row["input_ids"]) for row in rows[at:end])
            items.append(Item({"tokens": tokens, "size": vectors.shape[1]}, vectors[at:end].tobytes()))
            at = end
        return items

    def _rows(self, inputs: list[Any]) -> list[dict[str, Any]]:
        """What the model reads of one call."""
        if isinstance(inputs[0], str):
            return self._task.encoder.rows(inputs)
        return [self._row(ids) for ids in inputs]

    def _row(self, ids: list[int]) -> dict[str, Any]:
        """Token ids as they came, if this model has such tokens."""
        encoder, known = self._task.encoder, self._task.model.get_input_embeddings().num_embeddings
        if max(ids) >= known:
            raise _foreign(f"holds the token id {max(ids)}, but this model knows {known:,} tokens")
        before, after = self._frame
        if ids[: len(before)] != before or ids[len(ids) - len(after) :] != after:
            raise _foreign(f"lacks the token ids {before + after} that this model's tokenizer sets around every text")
        encoder.check(len(ids))
        row = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": [0] * len(ids)}
        return {name: row[name] for name in encoder.tokenizer.model_input_names if name in row}


def _frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The token ids that a tokenizer sets before and behind every text: ids without them came from another one."""
    plain = tokenizer("a", add_special_tokens=False)["input_ids"]
    framed = tokenizer("a")["input_ids"]
    places = [at for at in range(len(framed)) if framed[at : at + len(plain)] == plain]
    if not plain or not places:
        return [], []
    return framed[: places[0]], framed[places[0] + len(plain) :]


def _foreign(why: str) -> BadRequest:
    return BadRequest(
        f'"input" {why}. Token ids must come from its own tokenizer; clients that count with another one must send '
        "texts: for OpenAIEmbeddings of LangChain set check_embedding_ctx_length=False.",
        param="input",
    )
