"""Text to text: whatever a model with an encoder and a decoder was trained for."""

from typing import Any

from bearhug.inference.tasks.rewriting import Rewriting, Truncation


class Text2TextGeneration(Rewriting):
    """`{generated_text}`."""

    key = "generated_text"

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
