"""Audio classification."""

from typing import Any

from bearhug.inference.tasks.listening import Listening
from bearhug.inference.tasks.scores import Function, natural, ranked, scores_of
from bearhug.inference.tasks.task import like_inputs


class AudioClassification(Listening):
    """`[{label, score}, …]` for each sound, the best first."""

    heads = ("AutoModelForAudioClassification",)

    def __call__(self, inputs: Any, *, top_k: int = 5, function_to_apply: Function | None = None) -> Any:
        """A sound or a list of them."""
        function = function_to_apply or natural(self.config)
        logits = [self.output(samples).logits[0].float().cpu() for samples in self.heard(inputs)]
        return like_inputs(inputs, [ranked(scores_of(row, function), self.labels(), top_k) for row in logits])
