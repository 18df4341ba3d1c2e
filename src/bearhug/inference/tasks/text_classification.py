"""Text classification: sentiment, topics, several labels at once, pairs of texts."""

from typing import Any

import torch

from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.scores import Function, natural, ranked, rounded, scores_of
from bearhug.inference.tasks.task import Task, field_of, like_inputs, text_of, texts_of


class TextClassification(Task):
    """`[{label, score}, …]` for each text, the best first."""

    heads = ("AutoModelForSequenceClassification",)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config)

    def __call__(
        self,
        inputs: Any,
        *,
        top_k: int | None = None,
        function_to_apply: Function | None = None,
        truncation: bool = False,
    ) -> Any:
        """A text, an object with `text` and `text_pair`, or a list of texts."""
        scores = scores_of(self.logits(self._rows(inputs, truncation)), function_to_apply or natural(self.config))
        labels = self.labels()
        return like_inputs(inputs, [ranked(row, labels, top_k) for row in scores])

    def _rows(self, inputs: Any, cut: bool) -> list[dict[str, Any]]:
        if isinstance(inputs, dict):
            pair = inputs.get("text_pair")
            return self.encoder.rows(
                [text_of(field_of(inputs, "text"))], [text_of(pair)] if pair is not None else None, cut=cut
            )
        return self.encoder.rows(texts_of(inputs), cut=cut)

    @torch.inference_mode()
    def logits(self, rows: list[dict[str, Any]]) -> torch.Tensor:
        """float32 [rows, labels], in the order of the rows."""
        found = torch.empty(len(rows), len(self.config.id2label))
        for places, batch in self.encoder.batches(rows):
            found[places] = self.model(**batch.to(self.model.device)).logits.float().cpu()
        return found

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens, shapes, logits, scores."""
        rows = self._rows(inputs, cut=True)[:1]
        logits = self.logits(rows)[0]
        function = natural(self.config)
        scores = scores_of(logits, function)
        steps = [
            {"label": label, "logit": rounded(logit), "score": score}
            for label, logit, score in zip(self.labels(), logits.tolist(), scores.tolist(), strict=True)
        ]
        return {
            "tokens": self.encoder.pieces(rows[0]),
            "shapes": {**{name: [1, len(row)] for name, row in rows[0].items()}, "logits": [1, len(steps)]},
            "function": function,
            "labels": steps,
        }
