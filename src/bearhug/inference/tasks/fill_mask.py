"""Fill-mask: which tokens fit where a text has a gap."""

from collections.abc import Iterator
from typing import Any

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.task import Task, like_inputs, texts_of

BATCH_TOKENS = 1024
"""Tokens of a batch: each has a number for every word of the vocabulary."""
GAPS = ("<mask>", "[MASK]")
"""How people write a gap, whatever the model's own token is."""


class FillMask(Task):
    """`[{sequence, score, token, token_str}, …]` for a text with one gap; a list of those for several gaps."""

    heads = ("AutoModelForMaskedLM",)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config, advice="Send less.")
        if self.tokenizer.mask_token is None:
            raise BadRequest("This model's tokenizer has no token for a gap.")

    def __call__(self, inputs: Any, *, top_k: int = 5, targets: list[str] | None = None) -> Any:
        """A text or a list of texts. `targets` limits the answers to these words."""
        wanted = self._ids(targets) if targets else None
        most = min(max(top_k, 1), len(wanted) if wanted else self.config.vocab_size)
        rows = self.encoder.rows([self._with_gap(text) for text in texts_of(inputs)])
        return like_inputs(inputs, self._filled(rows, most, wanted))

    def _with_gap(self, text: str) -> str:
        for gap in GAPS:
            text = text.replace(gap, self.tokenizer.mask_token)
        if self.tokenizer.mask_token not in text:
            raise BadRequest(f"The text has no gap: write {self.tokenizer.mask_token} where a word is missing.")
        return text

    def _ids(self, targets: list[str]) -> list[int]:
        """One token a word: words that are several tokens stand for their first."""
        known = self.tokenizer.get_vocab()
        found = []
        for word in targets:
            ids = [known[word]] if word in known else self.tokenizer(word, add_special_tokens=False)["input_ids"]
            if not ids:
                raise BadRequest(f'The target "{word[:100]}" is no token of this model.')
            found.append(ids[0])
        return list(dict.fromkeys(found))

    @torch.inference_mode()
    def logits(self, rows: list[dict[str, Any]]) -> Iterator[tuple[int, torch.Tensor]]:
        """The place of each row and float32 [tokens, vocabulary], rows of like length after each other."""
        for places, batch in self.encoder.batches(rows, tokens=BATCH_TOKENS):
            found = self.model(**batch.to(self.model.device)).logits.float().cpu()
            for at, place in enumerate(places):
                yield place, found[at][batch["attention_mask"][at].bool().cpu()]

    def _filled(self, rows: list[dict[str, Any]], top_k: int, wanted: list[int] | None) -> list[Any]:
        found: list[Any] = [None] * len(rows)
        for place, logits in self.logits(rows):
            found[place] = self._fill(rows[place], logits.softmax(-1), top_k, wanted)
        return found

    def _fill(self, row: dict[str, Any], scores: torch.Tensor, top_k: int, wanted: list[int] | None) -> Any:
        gaps = [at for at, number in enumerate(row["input_ids"]) if number == self.tokenizer.mask_token_id]
        filled = [self._candidates(row, scores[gap], gap, top_k, wanted, alone=len(gaps) == 1) for gap in gaps]
        return filled[0] if len(filled) == 1 else filled

    def _candidates(
        self, row: dict[str, Any], scores: torch.Tensor, gap: int, top_k: int, wanted: list[int] | None, *, alone: bool
    ) -> list[dict[str, Any]]:
        best = (scores[wanted] if wanted else scores).topk(top_k)
        found = []
        for score, at in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            number = wanted[at] if wanted else at
            ids = [*row["input_ids"][:gap], number, *row["input_ids"][gap + 1 :]]
            sequence = self.tokenizer.decode(ids, skip_special_tokens=alone)
            found.append(
                {"score": score, "token": number, "token_str": self.tokenizer.decode([number]), "sequence": sequence}
            )
        return found

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens, shapes, and the best candidates of the first gap."""
        [text] = texts_of(inputs)[:1]
        row = self.encoder.rows([self._with_gap(text)])[0]
        [(_, logits)] = self.logits([row])
        gap = row["input_ids"].index(self.tokenizer.mask_token_id)
        best = logits[gap].softmax(-1).topk(min(5, logits.shape[-1]))
        labels = [
            {"label": self.tokenizer.decode([number]), "logit": round(float(logits[gap, number]), 4), "score": score}
            for score, number in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ]
        shapes = {**{name: [1, len(ids)] for name, ids in row.items()}, "logits": [1, *logits.shape]}
        return {"tokens": self.encoder.pieces(row), "shapes": shapes, "function": "softmax", "labels": labels}
