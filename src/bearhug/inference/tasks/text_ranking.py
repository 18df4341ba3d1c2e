"""Reranking: texts in the order in which they answer a query, by a model that reads both together."""

from typing import Any

import torch

from bearhug.inference.tasks.task import field_of, text_of, texts_of
from bearhug.inference.tasks.text_classification import TextClassification


class TextRanking(TextClassification):
    """`[{index, score}, …]`, the best first."""

    def __call__(  # type: ignore[override]
        self,
        inputs: Any,
        *,
        raw_scores: bool = False,
        return_text: bool = False,
        top_k: int | None = None,
        truncation: bool = True,
    ) -> Any:
        """An object with `query` and `texts`."""
        query = text_of(field_of(inputs, "query", "source_sentence"), "a query")
        texts = texts_of(field_of(inputs, "texts", "sentences", "documents"), "a list of texts")
        logits = self.logits(self.encoder.rows([query] * len(texts), texts, cut=truncation))
        scores = logits[:, -1] if logits.shape[1] > 1 else logits[:, 0]
        scores = scores if raw_scores else self._probable(logits, scores)
        order = sorted(range(len(texts)), key=lambda at: -float(scores[at]))[:top_k]
        return [
            {"index": at, "score": float(scores[at]), **({"text": texts[at]} if return_text else {})} for at in order
        ]

    def _probable(self, logits: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return logits.softmax(-1)[:, -1] if logits.shape[1] > 1 else scores.sigmoid()

    def explain(self, inputs: Any) -> dict[str, Any]:
        """The steps for the query and the first text."""
        query = text_of(field_of(inputs, "query", "source_sentence"), "a query")
        texts = texts_of(field_of(inputs, "texts", "sentences", "documents"), "a list of texts")
        return super().explain({"text": query, "text_pair": texts[0]})
