"""Depth estimation: how far away each point of a picture is."""

from typing import Any

import numpy as np
from PIL import Image

from bearhug.inference.tasks.looking import Looking, size_of
from bearhug.inference.tasks.media import pictures, png_text
from bearhug.inference.tasks.task import like_inputs


class DepthEstimation(Looking):
    """`{predicted_depth, depth}`: numbers [height, width], and a grey PNG in base64 from near or far to the other."""

    heads = ("AutoModelForDepthEstimation",)

    def __call__(self, inputs: Any) -> Any:
        """A picture or a list of them."""
        return like_inputs(inputs, [self._depth(image) for image in pictures(inputs)])

    def _depth(self, image: Image.Image) -> dict[str, Any]:
        output = self.seen([image])
        [found] = self.parts.image_processor.post_process_depth_estimation(output, [size_of(image)])
        depth = found["predicted_depth"].float().cpu().numpy()
        span = float(depth.max() - depth.min()) or 1.0
        grey = Image.fromarray(((depth - depth.min()) / span * 255).astype(np.uint8))
        return {"predicted_depth": np.round(depth, 4).tolist(), "depth": png_text(grey)}
