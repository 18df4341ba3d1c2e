"""Zero-shot image classification: which of some sentences says what is in a picture."""

from typing import Any

import torch

from bearhug.inference.tasks import tally
from bearhug.inference.tasks.looking import Looking
from bearhug.inference.tasks.media import pictures
from bearhug.inference.tasks.scores import ranked
from bearhug.inference.tasks.task import like_inputs
from bearhug.inference.tasks.zero_shot_classification import filled, labels_of

TEMPLATE = "This is a photo of {}."
TOGETHER = ("siglip", "siglip2")
"""Models whose scores stand alone instead of adding up to 1, and that want texts of one length."""


class ZeroShotImageClassification(Looking):
    """`[{label, score}, …]` for each picture, the best first."""

    heads = ("AutoModelForZeroShotImageClassification",)
    needs = ("image_processor", "tokenizer")

    @torch.inference_mode()
    def __call__(
        self,
        inputs: Any,
        *,
        candidate_labels: list[str] | str | None = None,
        hypothesis_template: str = TEMPLATE,
    ) -> Any:
        """A picture or a list of them; `candidate_labels` is a list, or a text with commas."""
        labels = labels_of(candidate_labels)
        alone = self.config.model_type in TOGETHER
        padding: dict[str, Any] = {"padding": "max_length", "max_length": 64} if alone else {"padding": True}
        texts = self.tokenizer(
            [filled(hypothesis_template, label) for label in labels], return_tensors="pt", truncation=True, **padding
        )
        tally.read(texts["attention_mask"].sum(-1).tolist() if "attention_mask" in texts else [])
        known = {"input_ids", "attention_mask"} if not alone else {"input_ids"}
        words = {name: tensor.to(self.model.device) for name, tensor in texts.items() if name in known}
        logits = self.model(**words, **self.prepared(pictures(inputs))).logits_per_image.float().cpu()
        scores = logits.sigmoid() if alone else logits.softmax(-1)
        return like_inputs(inputs, [ranked(row, labels, None) for row in scores])
