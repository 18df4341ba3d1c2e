"""What tasks on pictures have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from PIL import Image

from bearhug.inference.tasks.task import Task

BATCH = 8


class Looking(Task):
    """Pictures through the model's own processor."""

    needs: ClassVar[tuple[str, ...]] = ("image_processor",)

    def prepared(self, images: Sequence[Image.Image], **more: Any) -> Any:
        """Tensors on the model's device, floats in its precision."""
        found = self.parts.image_processor(images=list(images), return_tensors="pt", **more)
        return found.to(self.model.device, self.model.dtype)

    @torch.inference_mode()
    def seen(self, images: Sequence[Image.Image]) -> Any:
        """The model's output for pictures of one batch."""
        return self.model(**self.prepared(images))


def size_of(image: Image.Image) -> tuple[int, int]:
    """Height and width, as processors want them."""
    return image.height, image.width
