"""Image to text: captions, and the text in pictures."""

from typing import Any

import torch

from bearhug.inference.tasks import generation as rules
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.looking import Looking
from bearhug.inference.tasks.media import pictures
from bearhug.inference.tasks.task import like_inputs
from bearhug.inference.tasks.writing import generate, merged


class ImageToText(Looking):
    """`{generated_text}` for each picture."""

    heads = ("AutoModelForImageTextToText",)
    needs = ("image_processor", "tokenizer")

    def __call__(
        self,
        inputs: Any,
        *,
        generation_parameters: dict[str, Any] | None = None,
        generate_parameters: dict[str, Any] | None = None,
        **generation: Any,
    ) -> Any:
        """A picture or a list of them."""
        options = merged(generation, generation_parameters or generate_parameters)
        options = {"max_new_tokens": min(64, rules.DEFAULT_NEW_TOKENS), **options}
        found = []
        for image in pictures(inputs):
            batch = dict(self.prepared([image]))
            if self.config.model_type == "git":
                batch["input_ids"] = torch.tensor([[self.tokenizer.cls_token_id]], device=self.model.device)
            ids = generate(self.model, batch, options, self.stop)
            tally.written(len(ids[0]) - 1)
            found.append({"generated_text": self.tokenizer.decode(ids[0], skip_special_tokens=True).strip()})
        return like_inputs(inputs, found)
