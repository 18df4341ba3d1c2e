"""Background removal: what stands in front stays, the rest becomes transparent."""

from typing import Any

import numpy as np
import torch
from PIL import Image

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks.image_segmentation import ImageSegmentation
from bearhug.inference.tasks.mask_graph import Alpha, MaskGraph, as_alpha
from bearhug.inference.tasks.media import pictures, png_text
from bearhug.inference.tasks.parts import Parts, load
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.task import Task, like_inputs

BACKGROUND = ("background", "wall", "sky", "floor", "other")


class BackgroundRemoval(Task):
    """`{image}`: a PNG with alpha in base64, of the picture's size and the right way up."""

    heads = ImageSegmentation.heads

    def __init__(self, parts: Parts) -> None:
        if parts.image_processor is not None:
            super().__init__(parts)
        self.parts = parts

    @classmethod
    def load(cls, source: Source) -> "BackgroundRemoval":
        """An ONNX file of the U²-Net or ISNet kind, or any model of segmentation."""
        graphs = sorted(source.folder.glob("*.onnx"))
        if graphs and not any(source.folder.glob("*.safetensors")):
            return cls(Parts(MaskGraph(str(graphs[0]), source.document("preprocessor_config.json"))))
        return cls(load(source, cls.heads, ("image_processor",)))

    def __call__(self, inputs: Any, *, return_mask: bool = False) -> Any:
        """A picture or a list of them. With `return_mask` the mask alone, white in front."""
        found = []
        for image in pictures(inputs):
            alpha = Image.fromarray(self.alpha(image)).resize(image.size, Image.Resampling.BILINEAR)
            if not return_mask:
                image.putalpha(alpha)
            found.append({"image": png_text(alpha if return_mask else image)})
        return like_inputs(inputs, found)

    def alpha(self, image: Image.Image) -> Alpha:
        """How much each point belongs to the front, 0 to 255."""
        if isinstance(self.parts.model, MaskGraph):
            return self.parts.model.alpha(image)
        return self._by_classes(image)

    @torch.inference_mode()
    def _by_classes(self, image: Image.Image) -> Alpha:
        """Everything that is not called background; a model of two classes gives soft edges."""
        task = ImageSegmentation(self.parts)
        output = task.seen([image])
        logits = getattr(output, "logits", None)
        if logits is not None and logits.ndim == 4:
            return _alpha_of(logits[0].float().cpu(), [label.lower() for label in self.labels()])
        segments = task(image, threshold=0.5)
        front = [one for one in segments if one["label"].lower() not in BACKGROUND]
        if not front:
            raise Unprocessable("The model sees nothing in front of the background.")
        masks = [np.asarray(pictures(one["mask"])[0].convert("L")) for one in front]
        whole: Alpha = np.maximum.reduce(masks)
        return whole


def _alpha_of(logits: torch.Tensor, labels: list[str]) -> Alpha:
    behind = [at for at, label in enumerate(labels) if label in BACKGROUND] or [0]
    if len(logits) == 1:
        return as_alpha(logits[0].sigmoid().numpy())
    return as_alpha(1 - logits.softmax(0)[behind].sum(0).numpy())
