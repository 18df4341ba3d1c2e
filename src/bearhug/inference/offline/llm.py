"""`bearhug.LLM`: prompts in, answers out, in the words of vLLM's offline inference.

Source: vLLM's documentation, "Offline inference" (LLM, SamplingParams, RequestOutput).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bearhug.inference.offline.speaker import Speaker, side_by_side

Prompt = str | Sequence[int] | dict[str, Any]


@dataclass(frozen=True)
class SamplingParams:
    """How answers are chosen. `temperature` 0 is greedy; `max_tokens` None goes on until the model's context ends."""

    n: int = 1
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    seed: int | None = None
    stop: str | Sequence[str] = ()
    stop_token_ids: Sequence[int] = ()
    include_stop_str_in_output: bool = False
    ignore_eos: bool = False
    max_tokens: int | None = 16
    min_tokens: int = 0
    logprobs: int | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    skip_special_tokens: bool = True
    json_schema: str | None = None

    def order(self) -> dict[str, Any]:
        """What the engine's worker is told."""
        top = self.logprobs or 0
        sampling = {
            "count": self.n,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": max(self.top_k, 0),
            "min_p": self.min_p,
            "seed": self.seed,
            "stop_ids": list(self.stop_token_ids),
            "ignore_end": self.ignore_eos,
            "max_tokens": self.max_tokens,
            "min_tokens": self.min_tokens,
            "logprobs": self.logprobs is not None,
            "top_logprobs": top if top > 1 else 0,
            "presence": self.presence_penalty,
            "frequency": self.frequency_penalty,
            "repetition": self.repetition_penalty,
            "shape": ["json", self.json_schema] if self.json_schema is not None else None,
        }
        stop = [self.stop] if isinstance(self.stop, str) else list(self.stop)
        speech = {"keep_stop": self.include_stop_str_in_output, "special_tokens": not self.skip_special_tokens}
        return {"do": "generate", "sampling": sampling, "stop": stop, **speech}


@dataclass
class CompletionOutput:
    """One answer; `logprobs` has an entry for every token when they were asked for."""

    index: int
    text: str = ""
    token_count: int = 0
    finish_reason: str | None = None
    stop_reason: str | None = None
    logprobs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cumulative_logprob(self) -> float:
        return float(sum(one["logprob"] for one in self.logprobs))


@dataclass
class RequestOutput:
    """All answers to one prompt."""

    prompt: Prompt | list[dict[str, Any]]
    outputs: list[CompletionOutput]
    prompt_token_count: int = 0

    def add(self, said: dict[str, Any]) -> None:
        if "prompt" in said:
            self.prompt_token_count = said["prompt"]
            return
        output = self.outputs[said["index"]]
        output.text += said["text"]
        output.token_count += said["tokens"]
        output.logprobs += said.get("logprobs", ())
        output.finish_reason = said.get("finish", output.finish_reason)
        output.stop_reason = said.get("stopped_by", output.stop_reason)


class LLM:
    """A language model of the hub or of a folder, loaded in this process.

    `engine` is auto, openvino or transformers; `precision` is int8 or fp32; `max_model_len` bounds prompt and answer.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        engine: str = "auto",
        precision: str = "int8",
        max_model_len: int | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        options = {"engine": engine, "precision": precision, "context": max_model_len, "code": trust_remote_code}
        self._speaker = Speaker(model, revision=revision, **options)

    def generate(
        self, prompts: Prompt | Sequence[Prompt], sampling_params: SamplingParams | None = None
    ) -> list[RequestOutput]:
        """Answers in the order of the prompts: texts, lists of token ids, or {"prompt": …} of either."""
        alone = isinstance(prompts, str | dict) or _are_ids(prompts)
        listed: list[Any] = [prompts] if alone else list(prompts)
        return self._answered([(prompt, _prompt(prompt)) for prompt in listed], sampling_params)

    def chat(
        self, messages: Sequence[Any], sampling_params: SamplingParams | None = None, **template: Any
    ) -> list[RequestOutput]:
        """Answers to one conversation, or to each of several."""
        listed: list[Any] = [list(messages)] if isinstance(messages[0], dict) else list(messages)
        asked = [(one, {"messages": one, "template": template}) for one in listed]
        return self._answered(asked, sampling_params)

    def encode(self, text: str) -> list[int]:
        """The token ids of a text."""
        (told,) = self._speaker.say({"do": "tokenize", "text": text})
        return list(told["ids"])

    def _answered(self, asked: list[tuple[Any, dict[str, Any]]], wishes: SamplingParams | None) -> list[RequestOutput]:
        wishes = wishes or SamplingParams()
        found = [RequestOutput(prompt, [CompletionOutput(index) for index in range(wishes.n)]) for prompt, _ in asked]
        order = wishes.order()
        work = side_by_side(lambda place: self._speaker.say({**order, **asked[place][1]}), range(len(asked)))
        for place, said in work:
            for one in said:
                found[place].add(one)
        return found


def _are_ids(found: Any) -> bool:
    return bool(found) and all(isinstance(one, int) for one in found)


def _prompt(found: Prompt) -> dict[str, Any]:
    if isinstance(found, dict):
        found = found.get("prompt") or found["prompt_token_ids"]
    return {"text": found} if isinstance(found, str) else {"ids": list(found)}
