"""Token classification: named entities, parts of speech; tokens are put together to words and groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.encoding import Encoder
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.scores import rounded
from bearhug.inference.tasks.task import Task, like_inputs, texts_of

WINDOWS = 'Send less, or "stride": 32 to have it read in windows that share so many tokens.'
Strategy = Literal["none", "simple", "first", "average", "max"]


@dataclass(frozen=True)
class Token:
    """A token, or the tokens of a word: scores of all labels, place in the text, whether it goes on a word."""

    word: str
    scores: torch.Tensor
    start: int
    end: int
    index: int
    goes_on: bool = False


class TokenClassification(Task):
    """`[{entity_group, score, word, start, end}, …]` for each text; single tokens have `entity` and `index`."""

    heads = ("AutoModelForTokenClassification",)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.encoder = Encoder(self.tokenizer, self.config, advice=WINDOWS)

    def __call__(
        self,
        inputs: Any,
        *,
        aggregation_strategy: Strategy = "simple",
        ignore_labels: list[str] | None = None,
        stride: int | None = None,
    ) -> Any:
        """A text or a list of texts. With `stride`, long texts are read in windows that share so many tokens."""
        if stride is not None and stride < 0:
            raise BadRequest('"stride" cannot be less than 0.')
        ignored = {"O"} if ignore_labels is None else set(ignore_labels)
        texts = texts_of(inputs)
        found = [self._entities(tokens, aggregation_strategy) for tokens in self._tokens(texts, stride)]
        kept = [[one for one in row if (one.get("entity") or one["entity_group"]) not in ignored] for row in found]
        return like_inputs(inputs, kept)

    def _entities(self, tokens: list[Token], strategy: Strategy) -> list[dict[str, Any]]:
        if strategy in ("first", "average", "max"):
            tokens = [self._word(group, strategy) for group in _words(tokens)]
        if strategy == "none":
            return [self._named(token) | {"index": token.index} for token in tokens]
        return [self._group(group) for group in self._groups(tokens)]

    def _named(self, token: Token) -> dict[str, Any]:
        best = int(token.scores.argmax())
        score = float(token.scores[best])
        return {
            "entity": self.config.id2label[best],
            "score": score,
            "word": token.word,
            "start": token.start,
            "end": token.end,
        }

    def _word(self, group: list[Token], strategy: Strategy) -> Token:
        scores = torch.stack([token.scores for token in group])
        if strategy == "first":
            chosen = scores[0]
        elif strategy == "average":
            chosen = scores.mean(0)
        else:
            chosen = scores[int(scores.max(-1).values.argmax())]
        word = self.tokenizer.convert_tokens_to_string([token.word for token in group])
        return Token(word, chosen, group[0].start, group[-1].end, group[0].index)

    def _groups(self, tokens: list[Token]) -> Iterator[list[dict[str, Any]]]:
        """Neighbours of one kind; a label that begins with B- begins a group."""
        group: list[dict[str, Any]] = []
        for token in tokens:
            named = self._named(token)
            if group and (named["entity"].startswith("B-") or _kind(named) != _kind(group[-1])):
                yield group
                group = []
            group.append(named)
        if group:
            yield group

    def _group(self, group: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "entity_group": _kind(group[0]),
            "score": sum(one["score"] for one in group) / len(group),
            "word": self.tokenizer.convert_tokens_to_string([one["word"] for one in group]),
            "start": group[0]["start"],
            "end": group[-1]["end"],
        }

    # the model ---------------------------------------------------------------------------------------------

    def _tokens(self, texts: list[str], stride: int | None) -> list[list[Token]]:
        """The tokens of each text; windows of all texts share batches."""
        read = [self._windows(text, stride) for text in texts]
        logits = iter(self.logits([row for windows in read for row in self._rows(windows)]))
        return [self._best(text, windows, logits) for text, windows in zip(texts, read, strict=True)]

    def _best(self, text: str, windows: Any, logits: Iterator[torch.Tensor]) -> list[Token]:
        """Of a token that stands in two windows, what the surer one says."""
        best: dict[tuple[int, int], Token] = {}
        for window in range(len(windows["input_ids"])):
            for token in self._read(text, windows, window, next(logits)):
                place = (token.start, token.end)
                if place not in best or token.scores.max() > best[place].scores.max():
                    best[place] = token
        return [best[place] for place in sorted(best)]

    def _rows(self, windows: Any) -> list[dict[str, Any]]:
        names = [name for name in self.tokenizer.model_input_names if name in windows]
        return [{name: windows[name][at] for name in names} for at in range(len(windows["input_ids"]))]

    def _windows(self, text: str, stride: int | None) -> Any:
        options: dict[str, Any] = {}
        if stride is not None and self.encoder.longest:
            most = min(stride, self.encoder.longest // 2)
            options = {"truncation": True, "stride": most, "max_length": self.encoder.longest}
            options["return_overflowing_tokens"] = True
        found = self.tokenizer(
            [text], return_offsets_mapping=True, return_special_tokens_mask=True, verbose=False, **options
        )
        for row in found["input_ids"]:
            self.encoder.check(len(row))
        tally.read([sum(len(row) for row in found["input_ids"])])
        return found

    @torch.inference_mode()
    def logits(self, rows: list[dict[str, Any]]) -> list[torch.Tensor]:
        """float32 [tokens, labels] for each row."""
        found = [torch.empty(0)] * len(rows)
        for places, batch in self.encoder.batches(rows):
            logits = self.model(**batch.to(self.model.device)).logits.float().cpu()
            for at, place in enumerate(places):
                found[place] = logits[at][batch["attention_mask"][at].bool().cpu()]
        return found

    def _read(self, text: str, windows: Any, window: int, logits: torch.Tensor) -> Iterator[Token]:
        ids, scores = windows["input_ids"][window], logits.softmax(-1)
        for at, word in enumerate(self.tokenizer.convert_ids_to_tokens(ids)):
            if windows["special_tokens_mask"][window][at]:
                continue
            start, end = windows["offset_mapping"][window][at]
            unknown = ids[at] == self.tokenizer.unk_token_id
            shown = text[start:end] if unknown else word
            yield Token(shown, scores[at], start, end, at, not unknown and self._goes_on(text, word, start, end))

    def _goes_on(self, text: str, word: str, start: int, end: int) -> bool:
        inner = getattr(self.tokenizer, "_tokenizer", None)
        if inner is not None and getattr(inner.model, "continuing_subword_prefix", None):
            return len(word) != end - start
        return start > 0 and " " not in text[start - 1 : start + 1]

    def explain(self, inputs: Any) -> dict[str, Any]:
        """Tokens with the label and score that each got."""
        [text] = texts_of(inputs)[:1]
        row = self.encoder.rows([text], cut=True)[0]
        [logits] = self.logits([row])
        best = logits.softmax(-1).max(-1)
        pieces = self.encoder.pieces(row)
        for at, piece in enumerate(pieces):
            piece |= {"label": self.config.id2label[int(best.indices[at])], "score": rounded(float(best.values[at]))}
        return {
            "tokens": pieces,
            "shapes": {**{name: [1, len(ids)] for name, ids in row.items()}, "logits": [1, *logits.shape]},
            "function": "softmax",
        }


def _words(tokens: list[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in tokens:
        if group and not token.goes_on:
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _kind(named: dict[str, Any]) -> str:
    """The label without B- or I-."""
    return str(named["entity"]).split("-", 1)[-1]
