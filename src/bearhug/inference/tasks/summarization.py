"""Summarisation."""

from typing import Any

from bearhug.inference.tasks.rewriting import Rewriting, Truncation


class Summarization(Rewriting):
    """`{summary_text}`."""

    key = "summary_text"

    def prefix(self) -> str:
        """T5 models are told what to do in words."""
        said = (getattr(self.config, "task_specific_params", None) or {}).get("summarization") or {}
        return str(said.get("prefix") or "")

    def __call__(
        self,
        inputs: Any,
        *,
        truncation: Truncation | bool | None = None,
        clean_up_tokenization_spaces: bool | None = None,
        generate_parameters: dict[str, Any] | None = None,
        seed: int | None = None,
        **generation: Any,
    ) -> Any:
        return self.write(
            inputs, generation, generate_parameters, cut=truncation, tidy=clean_up_tokenization_spaces, seed=seed
        )
