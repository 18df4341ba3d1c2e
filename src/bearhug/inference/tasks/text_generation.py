"""Text generation: greedy, sampled, with beams, several at once; chats through the model's template."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import generation as rules
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.details import Details, Wanted, drawn, top_of, wanted
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.scores import rounded
from bearhug.inference.tasks.spoken import spoken
from bearhug.inference.tasks.task import Stop, Task, texts_of
from bearhug.inference.tasks.writing import fitting, generate

OF_STREAMS = (
    *("return_full_text", "stop", "seed", "truncate", "prefix", "best_of", "top_n_tokens"),
    *("details", "decoder_input_details"),
)
"""Parameters of a stream that are not those of generation; its last event has the details, whoever asks."""
ONE_ALONE = ("num_return_sequences", "num_beams")


class TextGeneration(Task):
    """`{generated_text}`, or a list of them for several sequences; chats answer with the new message's text."""

    heads = ("AutoModelForCausalLM",)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config)
        self.details = Details(self.model, self.tokenizer)
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
        **generation: Any,
    ) -> Any:
        """A text, a list of texts, or a list of messages."""
        asked = wanted(details=details, top_n_tokens=top_n_tokens, decoder_input_details=decoder_input_details)
        options = drawn(self._options(generation), best_of)
        chat = _is_chat(inputs)
        prompts = [self._prompt(inputs)] if chat else [(prefix or "") + text for text in texts_of(inputs)]
        found = [
            self._continue(prompt, options, stop or [], seed, truncate, full=return_full_text and not chat, chat=chat)
            for prompt in prompts
        ]
        if best_of is not None and best_of > 1:
            shown = [[self._best(row, asked)] for row in found]
        else:
            shown = [[self._shown(one, asked) for one in row] for row in found]
        plain = [row[0] if len(row) == 1 else row for row in shown]
        return plain if isinstance(inputs, list) and not chat else plain[0]

    def _options(self, generation: dict[str, Any]) -> dict[str, Any]:
        options = {"max_new_tokens": self._room(), **rules.parameters(**generation)}
        if "max_length" in options and "max_new_tokens" not in generation:
            del options["max_new_tokens"]
        return options

    def _room(self) -> int:
        """New tokens where nobody says how many."""
        return min(rules.DEFAULT_NEW_TOKENS, max((self.encoder.longest or 1 << 20) // 2, 1))

    def _prompt(self, messages: Sequence[dict[str, Any]]) -> str:
        if self.tokenizer.chat_template is None:
            raise BadRequest("This model has no chat template: send a text instead of messages.")
        text: str = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        return text

    def _continue(
        self,
        prompt: str,
        options: dict[str, Any],
        stop: Sequence[str],
        seed: int | None,
        truncate: int | None,
        *,
        full: bool,
        chat: bool,
    ) -> list[dict[str, Any]]:
        ids, batch, options = self._prepared(prompt, options, stop, truncate, chat=chat)
        rows = generate(self.model, batch, options, self.stop, seed=seed)
        found = [self._written(prompt if full else "", len(ids), row.tolist(), stop) for row in rows]
        tally.written(sum(len(one["ids"]) for one in found))
        return found

    def _prepared(
        self, prompt: str, options: dict[str, Any], stop: Sequence[str], truncate: int | None, *, chat: bool
    ) -> tuple[list[int], dict[str, torch.Tensor], dict[str, Any]]:
        """The prompt's tokens, the same as tensors, and all that generation is told."""
        ids = self._ids(prompt, chat=chat)
        if truncate:
            ids = ids[-truncate:]
        fitting(len(ids), self.encoder.longest, options)
        tally.read([len(ids)])
        batch = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
        batch = {name: tensor.to(self.model.device) for name, tensor in batch.items()}
        more: dict[str, Any] = {"pad_token_id": self.tokenizer.pad_token_id}
        if stop:
            more |= {"stop_strings": list(stop), "tokenizer": self.tokenizer}
        return ids, batch, {**options, **more}

    def stream(self, inputs: Any, given: dict[str, Any], stop_now: Stop) -> Iterator[dict[str, Any]]:
        """Token by token in the shape of text-generation-inference; the last one brings the whole text.

        `given` are parameters as `__call__` takes them; `stop_now` tells when nobody listens any more.
        """
        chat = _is_chat(inputs)
        own = {name: given.pop(name, None) for name in OF_STREAMS}
        if own["decoder_input_details"]:
            raise BadRequest('The tokens of the prompt are not told in a stream: send "decoder_input_details": false.')
        top = top_of(own["top_n_tokens"])
        options, several = self._options(given), own["best_of"] or 1
        if (isinstance(inputs, list) and not chat) or max(several, *(options.get(name, 1) for name in ONE_ALONE)) > 1:
            raise BadRequest("One text without beams can be streamed; ask for several without stream.")
        prompt = self._prompt(inputs) if chat else (own["prefix"] or "") + texts_of(inputs)[0]
        stop = own["stop"] or []
        ids, batch, told = self._prepared(prompt, options, stop, own["truncate"], chat=chat)
        new: list[int] = []
        held: dict[str, Any] | None = None

        def write(listening: dict[str, Any]) -> Any:
            return generate(self.model, batch, {**told, **listening}, stop_now, seed=own["seed"])

        for token, best in spoken(self.tokenizer, write, top):
            if held is not None:
                yield held
            new.append(token["id"])
            held = {"index": len(new), "token": token, "generated_text": None, "details": None}
            if top:
                held["top_tokens"] = [self.details.token(*pair) for pair in best]
        if held is not None:
            whole = self._written(prompt if own["return_full_text"] and not chat else "", len(ids), ids + new, stop)
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

    def _written(self, before: str, length: int, row: list[int], stop: Sequence[str]) -> dict[str, Any]:
        new = row[length:]
        while new and new[-1] == self.tokenizer.pad_token_id and len(new) > 1 and new[-2] in self._ends():
            new.pop()
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        cut = min((at for word in stop if (at := text.find(word)) >= 0), default=None)
        reason = "eos_token" if new and new[-1] in self._ends() else "length"
        if cut is not None:
            text, reason = text[:cut], "stop_sequence"
        return {"text": before + text, "prompt": row[:length], "ids": new, "reason": reason}

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


def _is_chat(inputs: Any) -> bool:
    return isinstance(inputs, list) and bool(inputs) and all(isinstance(one, dict) and "role" in one for one in inputs)
