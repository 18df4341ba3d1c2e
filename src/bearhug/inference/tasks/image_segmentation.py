"""Image segmentation: semantic, instance and panoptic."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import torch
from PIL import Image

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.looking import Looking, size_of
from bearhug.inference.tasks.media import pictures, png_text
from bearhug.inference.tasks.task import like_inputs

Kind = Literal["panoptic", "instance", "semantic"]
KINDS: tuple[Kind, ...] = ("panoptic", "instance", "semantic")
MOST_SEGMENTS = 500


class ImageSegmentation(Looking):
    """`[{label, score, mask}, …]` for each picture; masks are PNG in base64, white where the thing is.

    Semantic segmentation tells no scores.
    """

    heads = (
        "AutoModelForImageSegmentation",
        "AutoModelForSemanticSegmentation",
        "AutoModelForUniversalSegmentation",
        "AutoModelForInstanceSegmentation",
    )

    def __call__(
        self,
        inputs: Any,
        *,
        subtask: Kind | None = None,
        threshold: float = 0.9,
        mask_threshold: float = 0.5,
        overlap_mask_area_threshold: float = 0.5,
    ) -> Any:
        """A picture or a list of them. Without `subtask` the most telling one that the model knows is taken."""
        kind = self._kind(subtask)
        options = {
            "threshold": threshold,
            "mask_threshold": mask_threshold,
            "overlap_mask_area_threshold": overlap_mask_area_threshold,
        }
        found = [list(self._segments(image, kind, options)) for image in pictures(inputs)]
        return like_inputs(inputs, [segments[:MOST_SEGMENTS] for segments in found])

    def _kind(self, asked: Kind | None) -> Kind:
        name = type(self.model).__name__
        if "SemanticSegmentation" in name:
            known: tuple[Kind, ...] = ("semantic",)
        else:
            known = tuple(kind for kind in KINDS if hasattr(self.parts.image_processor, _method(kind)))
        if asked in known or (asked is None and known):
            return asked or known[0]
        raise BadRequest(f"This model does not do that kind of segmentation. It does: {', '.join(known)}.")

    def _segments(self, image: Image.Image, kind: Kind, options: dict[str, float]) -> Iterator[dict[str, Any]]:
        process = getattr(self.parts.image_processor, _method(kind))
        output = self.seen([image])
        if kind == "semantic":
            [classes] = process(output, target_sizes=[size_of(image)])
            for number in torch.unique(classes).tolist():
                yield self._segment(classes == number, number, None)
            return
        [found] = process(output, target_sizes=[size_of(image)], **options)
        for segment in found["segments_info"]:
            yield self._segment(found["segmentation"] == segment["id"], segment["label_id"], segment["score"])

    def _segment(self, mask: torch.Tensor, label: int, score: float | None) -> dict[str, Any]:
        white = Image.fromarray(mask.cpu().numpy().astype(np.uint8) * 255)
        found = {"label": str(self.config.id2label[label]), "mask": png_text(white)}
        return found if score is None else {"score": score, **found}


def _method(kind: Kind) -> str:
    return f"post_process_{kind}_segmentation"
