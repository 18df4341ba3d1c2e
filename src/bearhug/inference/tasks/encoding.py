"""Texts become tensors: encoded once, put into batches of like length, padded no further than needed."""

from collections.abc import Iterator, Sequence
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import tally

BATCH_TOKENS = 8192
BATCH_ROWS = 64
ALIKE, ENOUGH = 0.8, 256
"""Rows shorter than this part of the longest wait for the next batch, once there are so many tokens in this one."""
CUT = 'Send less, or "truncation": true to have it cut.'
"""What to do about a text that is too long, where a task says nothing else."""
UNBOUNDED = 1 << 20
"""Tokenizers that know no limit announce one far beyond this."""


def longest(tokenizer: Any, config: Any, most: Any = None) -> int | None:
    """How many tokens the model reads, at most `most` where that is a number; None if nothing says so."""
    bound = _longest(tokenizer, config)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        return bound
    return most if bound is None else min(most, bound)


def _longest(tokenizer: Any, config: Any) -> int | None:
    said = [getattr(tokenizer, "model_max_length", None), getattr(config, "max_position_embeddings", None)]
    bounds = [bound for bound in said if isinstance(bound, int) and 0 < bound < UNBOUNDED]
    if not bounds:
        return None
    offset = 2 if config.model_type in ("roberta", "xlm-roberta", "camembert") else 0  # positions begin behind padding
    return min(bounds[0], bounds[-1] - offset) if len(bounds) > 1 else bounds[0]


def ready_to_pad(tokenizer: Any, config: Any) -> None:
    """Generators often have no padding token; their end-of-text does as well, for it is masked."""
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token or tokenizer.cls_token
    if getattr(config, "pad_token_id", None) is None:
        config.pad_token_id = tokenizer.pad_token_id


class Encoder:
    """Encodes for one model; `advice` tells what its task can do about a text that is too long.

    `most` is what the model's files say of it besides tokenizer and config, as they say it.
    """

    def __init__(self, tokenizer: Any, config: Any, *, advice: str = CUT, most: Any = None) -> None:
        ready_to_pad(tokenizer, config)
        self.advice = advice
        self.tokenizer = tokenizer
        self.longest = longest(tokenizer, config, most)

    def rows(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None, *, cut: bool = False
    ) -> list[dict[str, Any]]:
        """One mapping of lists a text. A text beyond the context is cut, or refused with its length."""
        options = {"truncation": True, "max_length": self.longest} if cut and self.longest else {}
        found = self.tokenizer(list(texts), list(pairs) if pairs else None, verbose=False, **options)
        names = [name for name in self.tokenizer.model_input_names if name in found]
        rows = [{name: found[name][at] for name in names} for at in range(len(texts))]
        for row in rows:
            self.check(len(row["input_ids"]))
        tally.read([len(row["input_ids"]) for row in rows])
        return rows

    def check(self, length: int) -> None:
        """Refuse what the model cannot read at once."""
        if self.longest is not None and length > self.longest:
            raise BadRequest(
                f"The text has {length:,} tokens, and this model reads at most {self.longest:,}. {self.advice}"
            )

    def batches(self, rows: Sequence[dict[str, Any]], *, tokens: int = BATCH_TOKENS) -> Iterator[tuple[list[int], Any]]:
        """Positions and padded tensors, rows of like length together: padding is work for nothing."""
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]["input_ids"]), reverse=True)
        while order:
            size = _alike([len(rows[at]["input_ids"]) for at in order[:BATCH_ROWS]], tokens)
            taken, order = order[:size], order[size:]
            yield taken, self.padded([rows[at] for at in taken])

    def padded(self, rows: Sequence[dict[str, Any]]) -> Any:
        """Rows as tensors of the longest row's length."""
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        return self.tokenizer.pad(columns, padding=True, return_tensors="pt", verbose=False)

    def pieces(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Tokens and their ids, for people."""
        tokens = self.tokenizer.convert_ids_to_tokens(row["input_ids"])
        return [{"token": token, "id": number} for token, number in zip(tokens, row["input_ids"], strict=True)]


def _alike(lengths: Sequence[int], tokens: int) -> int:
    """How many rows, the longest first, go well together: a batch that is large enough takes none much shorter."""
    longest = max(lengths[0], 1)
    most = max(1, min(len(lengths), tokens // longest))
    short = (at for at in range(1, most) if lengths[at] < ALIKE * longest and at * longest >= ENOUGH)
    return next(short, most)
