"""Speech recognition: Whisper and its kind write, CTC models spell; long sounds are read in windows."""

from itertools import groupby
from typing import Any, Literal

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.listening import Listening
from bearhug.inference.tasks.media import Samples
from bearhug.inference.tasks.task import like_inputs
from bearhug.inference.tasks.writing import generate, merged

WINDOW_SECONDS = 30


class AutomaticSpeechRecognition(Listening):
    """`{text}`, with `return_timestamps` also `chunks: [{text, timestamp: [begin, end]}]` in seconds."""

    heads = ("AutoModelForSpeechSeq2Seq", "AutoModelForCTC")
    needs = ("feature_extractor", "tokenizer")

    def __call__(
        self,
        inputs: Any,
        *,
        return_timestamps: bool | Literal["word"] = False,
        language: str | None = None,
        task: Literal["transcribe", "translate"] | None = None,
        generation_parameters: dict[str, Any] | None = None,
        **generation: Any,
    ) -> Any:
        """A sound or a list of them. `language` and `task` are for models of many languages."""
        options = merged(generation, generation_parameters)
        if self.model.can_generate():
            options |= {name: value for name, value in (("language", language), ("task", task)) if value}
            found = [self._written(one, options, times=return_timestamps) for one in self.heard(inputs)]
        else:
            if return_timestamps:
                raise BadRequest("This model does not tell the times of what it hears.")
            found = [{"text": self._spelled(one)} for one in self.heard(inputs)]
        return like_inputs(inputs, found)

    def _spelled(self, samples: Samples) -> str:
        """CTC: the likeliest letter at each moment, repetitions and silence taken out."""
        window = WINDOW_SECONDS * self.rate
        texts = []
        for at in range(0, len(samples), window):
            ids = self.output(samples[at : at + window]).logits.argmax(-1)[0]
            texts.append(self.tokenizer.decode(ids))
            tally.written(self._letters(ids))
        return " ".join(text for text in texts if text).strip()

    def _letters(self, ids: torch.Tensor) -> int:
        """How many tokens are left of what was heard at each moment."""
        kept = [one for one, _ in groupby(ids.tolist())]
        return len(kept) - kept.count(self.tokenizer.pad_token_id)

    def _written(self, samples: Samples, options: dict[str, Any], *, times: bool | str) -> dict[str, Any]:
        if times == "word":
            raise BadRequest('Times of single words are not told here: send "return_timestamps": true.')
        long = len(samples) > WINDOW_SECONDS * self.rate
        more: dict[str, Any] = (
            {"truncation": False, "padding": "longest", "return_attention_mask": True} if long else {}
        )
        batch = dict(self.features(samples, **more))
        wanted = bool(times) or long
        if self.config.model_type == "whisper":
            options = {**options, "return_timestamps": wanted}
        ids = generate(self.model, batch, options, self.stop)[0]
        tally.written(len(ids))
        text = self.tokenizer.decode(ids, skip_special_tokens=True).strip()
        return {"text": text, "chunks": self._chunks(ids)} if times else {"text": text}

    def _chunks(self, ids: torch.Tensor) -> list[dict[str, Any]]:
        """What was said between two marks of time; only Whisper sets such marks."""
        if not hasattr(self.tokenizer, "timestamp_begin") and self.config.model_type != "whisper":
            raise BadRequest("This model does not tell the times of what it hears.")
        told = self.tokenizer.decode(ids.tolist(), output_offsets=True)
        return [{"text": one["text"], "timestamp": list(one["timestamp"])} for one in told["offsets"]]
