"""Text generation: greedy, sampled, with beams, several at once; chats through the model's template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import generation as rules
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.continuing import MOST_ROWS, Asked, Continuing
from bearhug.inference.tasks.details import Details, Wanted, drawn, top_of, wanted
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.form import form_of
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.scores import rounded
from bearhug.inference.tasks.spoken import spoken
from bearhug.inference.tasks.task import Stop, Task, texts_of
from bearhug.inference.tasks.writing import fitting

OF_STREAMS = (
    *("return_full_text", "stop", "seed", "truncate", "prefix", "best_of", "top_n_tokens"),
    *("details", "decoder_input_details", "grammar"),
)
"""Parameters of a stream that are not those of generation; its last event has the details, whoever asks."""
ONE_ALONE = ("num_return_sequences", "num_beams")


class Calls(tuple[Any, ...]):
    """The inputs of several callers."""

    __slots__ = ()


@dataclass(frozen=True)
class Prompt:
    """What the model goes on with; a chat's is written by its template, beginning and all."""

    text: str
    is_chat: bool


class TextGeneration(Task):
    """`{generated_text}`, or a list of them for several sequences; chats answer with the new message's text."""

    heads = ("AutoModelForCausalLM",)
    most_together = MOST_ROWS

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config)
        self.details = Details(self.model, self.tokenizer)
        self.continuing = Continuing(self.model, self.tokenizer)
        self.tokenizer.padding_side = "left"

    def __call__(  # noqa: PLR0913 - all that its server knows
        self,
        inputs: Any,
        *,
        return_full_text: bool = False,
        stop: list[str] | None = None,
        seed: int | None = None,
        truncate: int | None = None,
        details: bool = False,
        top_n_tokens: int | None = None,
        decoder_input_details: bool = False,
        best_of: int | None = None,
        prefix: str | None = None,
        grammar: dict[str, Any] | None = None,
        **generation: Any,
    ) -> Any:
        """A text, a list of texts, or a list of messages; `Calls` of them give a list of outputs."""
        asked = wanted(details=details, top_n_tokens=top_n_tokens, decoder_input_details=decoder_input_details)
        options = drawn(self._options(generation), best_of)
        how = Asked(options, stop or [], seed, form_of(grammar))
        calls = inputs if isinstance(inputs, Calls) else Calls([inputs])
        prompts = [prompt for one in calls for prompt in self._prompts(one, prefix or "")]
        read = [self._read(prompt, how, truncate) for prompt in prompts]
        tally.read([len(ids) for ids in read])
        shown = []
        for prompt, ids, rows in zip(prompts, read, self.continuing.many(read, how, self.stop), strict=True):
            before = prompt.text if return_full_text and not prompt.is_chat else ""
            row = [self._written(before, ids, new, how.stop) for new in rows]
            tally.written(sum(len(new) for new in rows))
            best = best_of is not None and best_of > 1
            told = [self._best(row, asked)] if best else [self._shown(one, asked) for one in row]
            shown.append(told[0] if len(told) == 1 else told)
        found = _like(calls, shown)
        return found if isinstance(inputs, Calls) else found[0]

    def together(self, many: Sequence[Any], **parameters: Any) -> list[Any]:
        """Outputs for the inputs of several callers, in one go."""
        found: list[Any] = self(Calls(many), **parameters)
        return found

    def readings(self, inputs: Any) -> int:
        """How many prompts a call has."""
        return 1 if _is_chat(inputs) else super().readings(inputs)

    def alike(self, parameters: Mapping[str, Any]) -> str:
        """Calls are done together unless one of them draws by its own seed, or wants several answers."""
        several = max(*(parameters.get(name) or 1 for name in ONE_ALONE), parameters.get("best_of") or 1) > 1
        return "" if several or parameters.get("seed") is not None else super().alike(parameters)

    def _options(self, generation: dict[str, Any]) -> dict[str, Any]:
        options = {"max_new_tokens": self._room(), **rules.parameters(**generation)}
        if "max_length" in options and "max_new_tokens" not in generation:
            del options["max_new_tokens"]
        return options

    def _room(self) -> int:
        """New tokens where nobody says how many."""
        return min(rules.DEFAULT_NEW_TOKENS, max((self.encoder.longest or 1 << 20) // 2, 1))

    def _prompts(self, inputs: Any, prefix: str) -> list[Prompt]:
        if _is_chat(inputs):
            return [Prompt(self._prompt(inputs), is_chat=True)]
        return [Prompt(prefix + text, is_chat=False) for text in texts_of(inputs)]

    def _prompt(self, messages: Sequence[dict[str, Any]]) -> str:
        if self.tokenizer.chat_template is None:
            raise BadRequest("This model has no chat template: send a text instead of messages.")
        text: str = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        return text

    def _read(self, prompt: Prompt, how: Asked, truncate: int | None) -> list[int]:
        """The prompt's tokens; BadRequest when the wanted ones do not fit behind them."""
        ids = self._ids(prompt.text, chat=prompt.is_chat)
        ids = ids[-truncate:] if truncate else ids
        fitting(len(ids), self.encoder.longest, how.options)
        return ids

    def stream(self, inputs: Any, given: dict[str, Any], stop_now: Stop) -> Iterator[dict[str, Any]]:
        """Token by token in the shape of text-generation-inference; the last one brings the whole text.

        `given` are parameters as `__call__` takes them; `stop_now` tells when nobody listens any more.
        """
        own = {name: given.pop(name, None) for name in OF_STREAMS}
        if own["decoder_input_details"]:
            raise BadRequest('The tokens of the prompt are not told in a stream: send "decoder_input_details": false.')
        top = top_of(own["top_n_tokens"])
        how = Asked(self._options(given), own["stop"] or [], own["seed"], form_of(own["grammar"]))
        several = max(own["best_of"] or 1, *(how.options.get(name, 1) for name in ONE_ALONE)) > 1
        if several or (isinstance(inputs, list) and not _is_chat(inputs)):
            raise BadRequest("One text without beams can be streamed; ask for several without stream.")
        [prompt] = self._prompts(inputs, own["prefix"] or "")
        ids = self._read(prompt, how, own["truncate"])
        tally.read([len(ids)])
        before = prompt.text if own["return_full_text"] and not prompt.is_chat else ""
        new: list[int] = []
        held: dict[str, Any] | None = None
        write = partial(self.continuing.one, ids, how, stop_now)
        for token, best in spoken(self.tokenizer, write, top):
            if held is not None:
                yield held
            new.append(token["id"])
            held = {"index": len(new), "token": token, "generated_text": None, "details": None}
            if top:
                held["top_tokens"] = [self.details.token(*pair) for pair in best]
        if held is not None:
            whole = self._written(before, ids, new, how.stop)
            details = {"finish_reason": whole["reason"], "generated_tokens": len(new), "input_length": len(ids)}
            yield {**held, "generated_text": whole["text"], "details": {**details, "seed": own["seed"]}}

    def _ids(self, prompt: str, *, chat: bool) -> list[int]:
        """The prompt's tokens. A separator at the end, as BERT's tokenizers write it, would end the text."""
        ids: list[int] = self.tokenizer(prompt, add_special_tokens=not chat, verbose=False)["input_ids"]
        ends = {self.tokenizer.sep_token_id, self.tokenizer.eos_token_id} - {None}
        if len(ids) > 1 and ids[-1] in ends and not chat:
            ids = ids[:-1]
        if not ids:
            raise BadRequest("The text has no tokens.")
        return ids

    def _written(self, before: str, prompt: list[int], new: list[int], stop: Sequence[str]) -> dict[str, Any]:
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        cut = min((at for word in stop if (at := text.find(word)) >= 0), default=None)
        reason = "eos_token" if new and new[-1] in self._ends() else "length"
        if cut is not None:
            text, reason = text[:cut], "stop_sequence"
        return {"text": before + text, "prompt": prompt, "ids": new, "reason": reason}

    def _ends(self) -> set[int]:
        said = self.model.generation_config.eos_token_id
        ids = said if isinstance(said, list) else [said]
        return {number for number in [*ids, self.tokenizer.eos_token_id] if number is not None}

    def _shown(self, one: dict[str, Any], asked: Wanted | None) -> dict[str, Any]:
        text = {"generated_text": one["text"]}
        return text if asked is None else {**text, "details": self.details.of(one, asked)}

    def _best(self, row: list[dict[str, Any]], asked: Wanted | None) -> dict[str, Any]:
        """The likeliest of several sequences; the others stand in its details."""
        first, *others = [self._shown(one, asked) for one in sorted(row, key=self.details.mean, reverse=True)]
        if asked is not None:
            flat = [{"generated_text": one["generated_text"], **one["details"]} for one in others]
            first["details"]["best_of_sequences"] = flat
        return first

    @torch.inference_mode()
    def explain(self, inputs: Any) -> dict[str, Any]:
        """The prompt's tokens and the most likely next ones."""
        prompt = self._prompt(inputs) if _is_chat(inputs) else texts_of(inputs)[0]
        ids = self._ids(prompt, chat=_is_chat(inputs))
        logits = self.model(input_ids=torch.tensor([ids], device=self.model.device)).logits.float().cpu()
        labels = list(self._likely(logits[0, -1]))
        shapes = {"input_ids": [1, len(ids)], "logits": list(logits.shape)}
        return {
            "tokens": self.encoder.pieces({"input_ids": ids}),
            "shapes": shapes,
            "function": "softmax",
            "labels": labels,
        }

    def _likely(self, logits: torch.Tensor) -> Iterator[dict[str, Any]]:
        best = logits.softmax(-1).topk(min(8, len(logits)))
        for score, number in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            yield {"label": self.tokenizer.decode([number]), "logit": rounded(float(logits[number])), "score": score}


def _like(calls: Calls, flat: Sequence[Any]) -> list[Any]:
    """An output for each call: a list where it sent a list of texts."""
    left = iter(flat)
    return [[next(left) for _ in one] if isinstance(one, list) and not _is_chat(one) else next(left) for one in calls]


def _is_chat(inputs: Any) -> bool:
    return isinstance(inputs, list) and bool(inputs) and all(isinstance(one, dict) and "role" in one for one in inputs)
