"""Sentence similarity: how near sentences are to one, by the cosine of their vectors."""

from typing import Any

import torch

from bearhug.inference.tasks.task import field_of, text_of, texts_of
from bearhug.inference.tasks.vectors import Vectors


class SentenceSimilarity(Vectors):
    """One number a sentence, from -1 to 1."""

    def __call__(self, inputs: Any, *, truncation: bool = True) -> Any:
        """An object with `source_sentence` and `sentences`."""
        source = text_of(field_of(inputs, "source_sentence"), "a sentence")
        sentences = texts_of(field_of(inputs, "sentences"), "a list of sentences")
        vectors = self.pooled(self.encoder.rows([source, *sentences], cut=truncation), unit=True)
        found: list[float] = torch.mv(vectors[1:], vectors[0]).clamp(-1, 1).tolist()
        return found

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens of the source sentence, and the cosines."""
        source = text_of(field_of(inputs, "source_sentence"), "a sentence")
        row = self.encoder.rows([source], cut=True)[0]
        size = len(row["input_ids"])
        shapes = {"input_ids": [1, size], "last_hidden_state": [1, size, self.config.hidden_size]}
        names = texts_of(field_of(inputs, "sentences"), "a list of sentences")
        scores = [{"label": name, "score": score} for name, score in zip(names, self(inputs), strict=True)]
        return {"tokens": self.encoder.pieces(row), "shapes": shapes, "function": "cosine", "labels": scores}
