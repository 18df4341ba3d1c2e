"""Sentence similarity: how near sentences are to one, by the cosine of their vectors."""

from collections.abc import Sequence
from typing import Any

import torch

from bearhug.inference.tasks.task import field_of, text_of, texts_of
from bearhug.inference.tasks.vectors import Vectors


class SentenceSimilarity(Vectors):
    """One number a sentence, from -1 to 1."""

    def __call__(self, inputs: Any, *, truncation: bool = False) -> Any:
        """An object with `source_sentence` and `sentences`."""
        return self.together([inputs], truncation=truncation)[0]

    def together(self, many: Sequence[Any], **parameters: Any) -> list[Any]:
        """One list of cosines for each object; sentences of all of them share batches."""
        asked = [
            [
                text_of(field_of(inputs, "source_sentence"), "a sentence"),
                *texts_of(field_of(inputs, "sentences"), "a list of sentences"),
            ]
            for inputs in many
        ]
        rows = self.encoder.rows([text for texts in asked for text in texts], cut=bool(parameters.get("truncation")))
        parts = torch.split(self.pooled(rows, unit=True), [len(texts) for texts in asked])
        return [torch.mv(part[1:], part[0]).clamp(-1, 1).tolist() for part in parts]

    def readings(self, inputs: Any) -> int:
        """The source sentence and all others."""
        return 1 + len(inputs["sentences"])

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens of the source sentence, and the cosines."""
        source = text_of(field_of(inputs, "source_sentence"), "a sentence")
        row = self.encoder.rows([source], cut=True)[0]
        size = len(row["input_ids"])
        shapes = {"input_ids": [1, size], "last_hidden_state": [1, size, self.config.hidden_size]}
        names = texts_of(field_of(inputs, "sentences"), "a list of sentences")
        scores = [{"label": name, "score": score} for name, score in zip(names, self(inputs), strict=True)]
        return {"tokens": self.encoder.pieces(row), "shapes": shapes, "function": "cosine", "labels": scores}
