"""Choosing a token from logits, as the OpenAI API and vLLM describe their parameters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from bearhug.inference.engine.sampling import Likely, Sampling
from bearhug.inference.tasks.following import Following

NEVER = float("-inf")


@dataclass(frozen=True)
class Chosen:
    token: int
    likely: Likely | None


class Picker:
    """Picks for one sequence. Penalties first, then its form, temperature, top-k, top-p and min-p, then the draw."""

    def __init__(
        self, sampling: Sampling, prompt: Sequence[int], index: int, following: Following | None = None
    ) -> None:
        self._sampling = sampling
        self._following = following
        self._prompt = set(prompt)
        self._random = torch.Generator()
        if sampling.seed is not None:
            self._random.manual_seed(sampling.seed + index)
        else:
            self._random.seed()

    def pick(self, logits: torch.Tensor, said: Sequence[int]) -> Chosen:
        """The next token; logits are [vocabulary] in float32, `said` is what the sequence has answered so far.

        Raises BadForm when its form has become too much.
        """
        wishes = self._sampling
        likely = torch.log_softmax(logits, -1) if wishes.logprobs else None
        scores = self._penalised(logits, said)
        if self._following is not None:
            self._following.follow(said)
            scores = self._following.masked(scores)
        token = int(scores.argmax()) if wishes.is_greedy else self._drawn(scores)
        return Chosen(token, _told(likely, token, wishes.top_logprobs) if likely is not None else None)

    def _penalised(self, logits: torch.Tensor, said: Sequence[int]) -> torch.Tensor:
        wishes = self._sampling
        scores = logits.clone()
        counts = Counter(said)
        if wishes.repetition != 1.0:
            seen = torch.tensor(sorted(self._prompt | counts.keys()))
            scores[seen] = torch.where(
                scores[seen] > 0, scores[seen] / wishes.repetition, scores[seen] * wishes.repetition
            )
        for token, times in counts.items():
            scores[token] -= wishes.presence + wishes.frequency * times
        if len(said) < wishes.min_tokens and wishes.stop_ids and self._following is None:
            scores[list(wishes.stop_ids)] = NEVER
        return scores

    def _drawn(self, scores: torch.Tensor) -> int:
        wishes = self._sampling
        scores = scores / wishes.temperature
        if 0 < wishes.top_k < len(scores):
            scores = scores.masked_fill(scores < scores.topk(wishes.top_k).values[-1], NEVER)
        chances = torch.softmax(scores, -1)
        if wishes.top_p < 1:
            ordered, places = chances.sort(descending=True)
            beyond = ordered.cumsum(-1) - ordered >= wishes.top_p
            chances[places[beyond]] = 0
        if wishes.min_p > 0:
            chances[chances < wishes.min_p * chances.max()] = 0
        return int(torch.multinomial(chances, 1, generator=self._random))


def _told(likely: torch.Tensor, token: int, count: int) -> Likely:
    best = likely.topk(count) if count else None
    top = tuple(zip(best.indices.tolist(), best.values.tolist(), strict=True)) if best is not None else ()
    return Likely(float(likely[token]), top)
