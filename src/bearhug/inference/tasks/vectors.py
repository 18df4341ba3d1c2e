"""Vectors of texts: a model's last layer, pooled as the model was trained for."""

from typing import Any

import torch

from bearhug.inference.tasks.encoding import CUT, Encoder
from bearhug.inference.tasks.parts import Parts, load
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.task import Task

POOLING = "1_Pooling/config.json"
WAYS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_lasttoken": "last",
    "pooling_mode_mean_tokens": "mean",
}


class Vectors(Task):
    """What tasks have in common that compare texts by their vectors."""

    heads = ("AutoModel",)
    advice = CUT

    def __init__(
        self, parts: Parts, *, pooling: str = "", unit: bool = False, prompts: Any = None, most_tokens: Any = None
    ) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config, advice=self.advice, most=most_tokens)
        self.pooling = pooling
        self.unit = unit
        self.prompts: dict[str, str] = prompts or {}

    @classmethod
    def load(cls, source: Source) -> "Vectors":
        """As sentence-transformers wrote it: pooling, normalisation and length stand in files of their own."""
        said = source.document(POOLING)
        pooling = next((way for key, way in WAYS.items() if said.get(key)), said.get("pooling_mode") or "")
        unit = (source.folder / "2_Normalize").exists() or "Normalize" in _modules(source)
        prompts = source.document("config_sentence_transformers.json").get("prompts")
        most = source.document("sentence_bert_config.json").get("max_seq_length")
        parts = load(source, cls.heads, cls.needs)
        return cls(parts, pooling=pooling, unit=unit, prompts=prompts, most_tokens=most)

    @torch.inference_mode()
    def layers(self, rows: list[dict[str, Any]]) -> list[torch.Tensor]:
        """float32 [tokens, size] for each row."""
        found: list[torch.Tensor] = [torch.empty(0)] * len(rows)
        for places, batch in self.encoder.batches(rows):
            states = self.model(**batch.to(self.model.device)).last_hidden_state.float().cpu()
            for at, place in enumerate(places):
                found[place] = states[at][batch["attention_mask"][at].bool().cpu()]
        return found

    def pooled(self, rows: list[dict[str, Any]], *, unit: bool | None = None) -> torch.Tensor:
        """float32 [rows, size]."""
        found = torch.stack([_pool(one, self.pooling) for one in self.layers(rows)])
        return torch.nn.functional.normalize(found) if (self.unit if unit is None else unit) else found


def _pool(states: torch.Tensor, way: str) -> torch.Tensor:
    """[tokens, size] to [size]."""
    match way:
        case "cls":
            return states[0]
        case "last":
            return states[-1]
        case "max":
            return states.max(0).values
        case _:
            return states.mean(0)


def _modules(source: Source) -> str:
    path = source.folder / "modules.json"
    return path.read_text("utf-8", "replace")[:10_000] if path.is_file() else ""
