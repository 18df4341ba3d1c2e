"""Feature extraction: texts as vectors."""

from typing import Any, Literal

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.scores import rounded
from bearhug.inference.tasks.task import like_inputs, texts_of
from bearhug.inference.tasks.vectors import Vectors


class FeatureExtraction(Vectors):
    """Sentence models: `[number, …]` for each text. Others: `[[number, …], …]`, one row a token."""

    advice = 'Send less, or "truncate": true to have it cut.'

    def __call__(
        self,
        inputs: Any,
        *,
        normalize: bool | None = None,
        prompt_name: str | None = None,
        truncate: bool | None = None,
        truncation_direction: Literal["left", "right", "Left", "Right"] = "right",
    ) -> Any:
        """A text or a list of texts."""
        before = self._prompt(prompt_name)
        self.tokenizer.truncation_side = truncation_direction.lower()
        rows = self.encoder.rows([before + text for text in texts_of(inputs)], cut=bool(truncate))
        if self.pooling or normalize is not None:
            return like_inputs(inputs, self.pooled(rows, unit=normalize).tolist())
        return like_inputs(inputs, [one.tolist() for one in self.layers(rows)])

    def _prompt(self, name: str | None) -> str:
        if name is None:
            return ""
        if name not in self.prompts:
            raise BadRequest(f'There is no prompt "{name[:100]}". There are: {", ".join(self.prompts) or "none"}.')
        return self.prompts[name]

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens, shapes, the beginning of the vector."""
        rows = self.encoder.rows(texts_of(inputs)[:1], cut=True)
        vector = self.pooled(rows)[0]
        size = len(rows[0]["input_ids"])
        shapes = {"input_ids": [1, size], "last_hidden_state": [1, size, len(vector)], "vector": [len(vector)]}
        return {
            "tokens": self.encoder.pieces(rows[0]),
            "shapes": shapes,
            "function": self.pooling or "mean",
            "vector": rounded(vector[:12].tolist()),
        }
