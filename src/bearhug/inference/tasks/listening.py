"""What tasks on sounds have in common."""

from typing import Any, ClassVar

import torch

from bearhug.base.errors import BadRequest, TooLarge
from bearhug.inference.tasks.media import LONGEST_SECONDS, Samples, sound
from bearhug.inference.tasks.task import Task


class Listening(Task):
    """Sounds at the rate of the model's feature extractor."""

    needs: ClassVar[tuple[str, ...]] = ("feature_extractor",)

    @property
    def rate(self) -> int:
        """Samples a second that the model was trained on."""
        return int(getattr(self.parts.feature_extractor, "sampling_rate", 16000))

    def heard(self, inputs: Any) -> list[Samples]:
        """One or several sounds, together no longer than one may be."""
        several = inputs if isinstance(inputs, list) else [inputs]
        if not several:
            raise BadRequest("Send a sound, or a list of them.")
        found: list[Samples] = []
        for one in several:
            found.append(sound(one, self.rate))
            if sum(map(len, found)) > LONGEST_SECONDS * self.rate:
                raise TooLarge(f"These sounds are longer than {LONGEST_SECONDS // 60} minutes together.")
        return found

    def features(self, samples: Samples, **more: Any) -> Any:
        """Tensors on the model's device."""
        found = self.parts.feature_extractor(samples, sampling_rate=self.rate, return_tensors="pt", **more)
        return found.to(self.model.device, self.model.dtype)

    @torch.inference_mode()
    def output(self, samples: Samples) -> Any:
        """What the model says of a sound."""
        return self.model(**self.features(samples))
