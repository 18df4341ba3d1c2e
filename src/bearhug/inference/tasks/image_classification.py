"""Image classification."""

from typing import Any

import torch

from bearhug.inference.tasks.looking import BATCH, Looking
from bearhug.inference.tasks.media import pictures
from bearhug.inference.tasks.scores import Function, natural, ranked, rounded, scores_of
from bearhug.inference.tasks.task import like_inputs


class ImageClassification(Looking):
    """`[{label, score}, …]` for each picture, the best first."""

    heads = ("AutoModelForImageClassification",)

    def __call__(self, inputs: Any, *, top_k: int = 5, function_to_apply: Function | None = None) -> Any:
        """A picture or a list of them."""
        images = pictures(inputs)
        batches = [images[at : at + BATCH] for at in range(0, len(images), BATCH)]
        logits = torch.cat([self.seen(batch).logits.float().cpu() for batch in batches])
        scores = scores_of(logits, function_to_apply or natural(self.config))
        return like_inputs(inputs, [ranked(row, self.labels(), top_k) for row in scores])

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Shapes, logits, scores."""
        [image] = pictures(inputs)[:1]
        batch = self.prepared([image])
        logits = self.seen([image]).logits[0].float().cpu()
        scores = scores_of(logits, natural(self.config))
        best = scores.topk(min(8, len(scores))).indices.tolist()
        labels = [
            {"label": self.labels()[at], "logit": rounded(float(logits[at])), "score": float(scores[at])} for at in best
        ]
        shapes = {"picture": [image.height, image.width, 3], "pixel_values": list(batch["pixel_values"].shape)}
        return {"shapes": {**shapes, "logits": [1, len(scores)]}, "function": natural(self.config), "labels": labels}
