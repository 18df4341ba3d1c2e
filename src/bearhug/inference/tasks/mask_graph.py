"""ONNX graphs that tell the front of a picture from its background: U²-Net, ISNet and their kind."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bearhug.base.errors import BadRequest

DEFAULT_SIDE = 320
LARGE_SIDE = 1024
"""ISNet reads pictures of this side and normalises them in its own way."""

Alpha = NDArray[np.uint8]


def as_alpha(values: NDArray[Any]) -> Alpha:
    """0 to 1 becomes 0 to 255."""
    found: Alpha = np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return found


class MaskGraph:
    """An ONNX graph with one picture in and one mask out."""

    def __init__(self, path: str, said: dict[str, Any]) -> None:
        import onnxruntime

        self.config = None
        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        [first, *_] = self._session.get_inputs()
        if len(first.shape) != 4:
            raise BadRequest("This ONNX file does not take a picture.")
        self._name = first.name
        height, width = (side if isinstance(side, int) else DEFAULT_SIDE for side in first.shape[2:])
        self._size = (int(width), int(height))
        large = height >= LARGE_SIDE
        self._mean = np.asarray(said.get("image_mean") or ([0.5] * 3 if large else [0.485, 0.456, 0.406]))
        self._deviation = np.asarray(said.get("image_std") or ([1.0] * 3 if large else [0.229, 0.224, 0.225]))

    def alpha(self, image: Image.Image) -> Alpha:
        """Stretched to the whole range and to the picture's size, as rembg uses these models."""
        small = np.asarray(image.resize(self._size, Image.Resampling.LANCZOS), np.float32)
        values = (small / max(float(small.max()), 1.0) - self._mean) / self._deviation
        mask = self._session.run(None, {self._name: values.transpose(2, 0, 1)[None].astype(np.float32)})[0].squeeze()
        span = float(mask.max() - mask.min()) or 1.0
        found = Image.fromarray(as_alpha((mask - mask.min()) / span))
        return np.asarray(found.resize(image.size, Image.Resampling.LANCZOS))
