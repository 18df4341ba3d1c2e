"""Reranking: texts in the order in which they answer a query, by a model that reads both together."""

from collections.abc import Sequence
from typing import Any

import torch

from bearhug.inference.tasks.task import field_of, text_of, texts_of
from bearhug.inference.tasks.text_classification import TextClassification

TEXTS = ("texts", "sentences", "documents")


class TextRanking(TextClassification):
    """`[{index, score}, …]`, the best first."""

    def __call__(  # type: ignore[override]
        self,
        inputs: Any,
        *,
        raw_scores: bool = False,
        return_text: bool = False,
        top_k: int | None = None,
        truncation: bool = False,
    ) -> Any:
        """An object with `query` and `texts`."""
        options = {"raw_scores": raw_scores, "return_text": return_text, "top_k": top_k, "truncation": truncation}
        return self.together([inputs], **options)[0]

    def together(self, many: Sequence[Any], **parameters: Any) -> list[Any]:
        """One ranking for each object; pairs of all of them share batches."""
        asked = [
            (
                text_of(field_of(inputs, "query", "source_sentence"), "a query"),
                texts_of(field_of(inputs, *TEXTS), "a list of texts"),
            )
            for inputs in many
        ]
        queries = [query for query, texts in asked for _ in texts]
        pairs = [text for _, texts in asked for text in texts]
        logits = self.logits(self.encoder.rows(queries, pairs, cut=bool(parameters.get("truncation"))))
        parts = torch.split(logits, [len(texts) for _, texts in asked])
        return [self._ranked(texts, part, parameters) for (_, texts), part in zip(asked, parts, strict=True)]

    def readings(self, inputs: Any) -> int:
        """A pair for each text."""
        return len(next(inputs[name] for name in TEXTS if name in inputs))

    def _ranked(self, texts: list[str], logits: torch.Tensor, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        scores = logits[:, -1] if logits.shape[1] > 1 else logits[:, 0]
        scores = scores if parameters.get("raw_scores") else self._probable(logits, scores)
        order = sorted(range(len(texts)), key=lambda at: -float(scores[at]))[: parameters.get("top_k")]
        with_text = bool(parameters.get("return_text"))
        return [{"index": at, "score": float(scores[at]), **({"text": texts[at]} if with_text else {})} for at in order]

    def _probable(self, logits: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return logits.softmax(-1)[:, -1] if logits.shape[1] > 1 else scores.sigmoid()

    def explain(self, inputs: Any) -> dict[str, Any]:
        """The steps for the query and the first text."""
        query = text_of(field_of(inputs, "query", "source_sentence"), "a query")
        texts = texts_of(field_of(inputs, *TEXTS), "a list of texts")
        return super().explain({"text": query, "text_pair": texts[0]})
