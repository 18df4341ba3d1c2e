"""Question answering: the span of a context that answers, read in windows where the context is long."""

from typing import Any

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.scores import rounded
from bearhug.inference.tasks.task import Task, field_of, text_of

CANDIDATES = 50
"""Spans of a window that are looked at more closely."""


class QuestionAnswering(Task):
    """`{answer, score, start, end}`, or the best of them in a list with `top_k`."""

    heads = ("AutoModelForQuestionAnswering",)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config)

    def __call__(  # noqa: PLR0913 - the parameters that the task publishes
        self,
        inputs: Any,
        *,
        top_k: int = 1,
        doc_stride: int | None = None,
        max_answer_len: int = 15,
        max_seq_len: int | None = None,
        max_question_len: int = 64,
        handle_impossible_answer: bool = False,
        align_to_words: bool = True,
    ) -> Any:
        """An object with `question` and `context`, or a list of them."""
        if top_k < 1 or max_answer_len < 1:
            raise BadRequest('"top_k" and "max_answer_len" must be at least 1.')
        if isinstance(inputs, list):
            return [
                self(
                    one,
                    top_k=top_k,
                    doc_stride=doc_stride,
                    max_answer_len=max_answer_len,
                    max_seq_len=max_seq_len,
                    max_question_len=max_question_len,
                    handle_impossible_answer=handle_impossible_answer,
                    align_to_words=align_to_words,
                )
                for one in inputs
            ]
        question, context = _pair(inputs)
        windows = self._windows(question, context, max_seq_len, doc_stride, max_question_len)
        spans, nothing = self._spans(windows, max_answer_len)
        answers = [_answer(context, score, place, words=align_to_words) for score, place in spans]
        if handle_impossible_answer:
            answers.append({"answer": "", "score": nothing, "start": 0, "end": 0})
        best = sorted(_distinct(answers), key=lambda one: -float(one["score"]))[:top_k]
        return best[0] if top_k == 1 and best else best

    def _windows(self, question: str, context: str, size: int | None, stride: int | None, longest_question: int) -> Any:
        longest = min(size or 384, self.encoder.longest or 384)
        ids = self.tokenizer(question, add_special_tokens=False, verbose=False)["input_ids"]
        if len(ids) > longest_question:
            question = self.tokenizer.decode(ids[:longest_question])
        room = longest - min(len(ids), longest_question) - self.tokenizer.num_special_tokens_to_add(pair=True)
        if room < 1:
            raise BadRequest(f"The question leaves no room for the context: the model reads {longest} tokens at once.")
        found = self.tokenizer(
            question,
            context,
            truncation="only_second",
            max_length=longest,
            stride=max(0, min(stride if stride is not None else longest // 2, room - 1)),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            verbose=False,
        )
        tally.read([sum(len(row) for row in found["input_ids"])])
        return found

    @torch.inference_mode()
    def _spans(self, windows: Any, longest: int) -> tuple[list[tuple[float, tuple[int, int]]], float]:
        """Spans of the context with their probability, and the smallest probability that there is no answer."""
        found: list[tuple[float, tuple[int, int]]] = []
        nothing = 1.0
        for window in range(len(windows["input_ids"])):
            begins, ends = self._probabilities(windows, window)
            nothing = min(nothing, float(begins[0] * ends[0]))
            outside = torch.tensor([part != 1 for part in windows.sequence_ids(window)])
            begins[outside], ends[outside] = 0.0, 0.0
            table = torch.triu(begins[:, None] * ends[None, :]).tril(longest - 1).flatten()
            best = table.topk(min(CANDIDATES, len(table)))
            places = windows["offset_mapping"][window]
            for score, at in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                if score > 0:
                    first, last = divmod(at, len(places))
                    found.append((score, (places[first][0], places[last][1])))
        return found, nothing

    def _probabilities(self, windows: Any, window: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Of the answer's begin and end at each token; those of the question can be neither."""
        output = self._forward(windows, window)
        parts = windows.sequence_ids(window)
        allowed = torch.tensor([part == 1 or at == 0 for at, part in enumerate(parts)])
        begins, ends = (logits[0].float().cpu().masked_fill(~allowed, -1e4) for logits in output)
        return begins.softmax(-1), ends.softmax(-1)

    def _forward(self, windows: Any, window: int) -> tuple[torch.Tensor, torch.Tensor]:
        names = [name for name in self.tokenizer.model_input_names if name in windows]
        batch = self.encoder.padded([{name: windows[name][window] for name in names}]).to(self.model.device)
        output = self.model(**batch)
        return output.start_logits, output.end_logits

    @torch.inference_mode()
    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens with the probability that the answer begins and ends there."""
        question, context = _pair(inputs)
        windows = self._windows(question, context, None, None, 64)
        begins, ends = self._probabilities(windows, 0)
        pieces = self.encoder.pieces({"input_ids": windows["input_ids"][0]})
        for at, piece in enumerate(pieces):
            piece |= {"begins": rounded(float(begins[at])), "ends": rounded(float(ends[at]))}
        size = len(pieces)
        return {
            "tokens": pieces,
            "shapes": {"input_ids": [1, size], "start_logits": [1, size], "end_logits": [1, size]},
            "function": "softmax",
        }


def _pair(inputs: Any) -> tuple[str, str]:
    question = text_of(field_of(inputs, "question"), "a question")
    return question, text_of(field_of(inputs, "context"), "a context")


def _answer(context: str, score: float, place: tuple[int, int], *, words: bool) -> dict[str, Any]:
    start, end = place
    if words:  # whole words, as people would quote it
        while start > 0 and not context[start - 1].isspace() and context[start - 1].isascii():
            start -= 1
        while end < len(context) and not context[end].isspace() and context[end].isascii():
            end += 1
    return {"answer": context[start:end], "score": score, "start": start, "end": end}


def _distinct(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spans that became the same count together, as one answer."""
    merged: dict[tuple[int, int], dict[str, Any]] = {}
    for one in answers:
        place = (one["start"], one["end"])
        if place not in merged or merged[place]["score"] < one["score"]:
            merged[place] = one
    return list(merged.values())
