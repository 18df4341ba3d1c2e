"""A language model with weights at random, and loads for it: its speed is that of a trained one of its shape."""

import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Sizes

SPECIAL = ("<pad>", "<s>", "</s>")
VOCABULARY = 32_768
NEW_TOKENS = 64
SHORTEST, LONGEST = 32, 512
READ_BYTES = 512 << 20


@dataclass(frozen=True)
class Heard:
    """One answer: seconds until its first and last token, and how many tokens it has."""

    first: float
    last: float
    tokens: int


@dataclass(frozen=True)
class Case:
    """A load: so many streams that begin at once, new tokens of each, and how often it is asked."""

    streams: int
    new: int
    rounds: int

    @property
    def plural(self) -> str:
        return f"{self.streams} stream{'s' if self.streams > 1 else ''}"

    @property
    def between(self) -> str:
        return f"between two tokens, {self.plural}"

    @property
    def first(self) -> str:
        return f"until the first, {self.plural}"


Ask = Callable[[Sequence[Sequence[int]], int], list[Heard]]
"""Prompts and how many tokens each wants."""


def make_model(folder: Path, sizes: Sizes) -> int:
    """Write a Qwen3 of this size with its tokenizer into `folder`; how many parameters it has."""
    import torch
    import transformers

    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    config = transformers.Qwen3Config(
        vocab_size=write_tokenizer(folder, VOCABULARY),
        hidden_size=sizes.hidden,
        intermediate_size=sizes.hidden * 4,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.hidden // 64,
        num_key_value_heads=sizes.hidden // 192 or 1,
        head_dim=64,
        tie_word_embeddings=True,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    torch.manual_seed(1)
    model: Any = transformers.Qwen3ForCausalLM(config)
    model.to(torch.bfloat16)
    model.save_pretrained(folder)
    return sum(one.numel() for one in model.parameters())


def write_tokenizer(folder: Path, size: int = 0) -> int:
    """Bytes as tokens behind three special ones, then made-up words up to `size`; how many there are."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = (f"Ġ{_word(place)}" for place in range(size - len(SPECIAL) - len(alphabet)))
    vocabulary = {token: place for place, token in enumerate([*SPECIAL, *alphabet, *words])}
    made = Tokenizer(models.BPE(vocabulary, [], unk_token=None))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    make: Any = transformers.PreTrainedTokenizerFast
    fast = make(tokenizer_object=made, bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    fast.save_pretrained(folder)
    return len(vocabulary)


def _word(number: int) -> str:
    """Three letters or more, another word for another number."""
    letters = ""
    while number or len(letters) < 3:
        number, place = divmod(number, 26)
        letters += chr(ord("a") + place)
    return letters


def prompts(streams: int, seed: int, length: int | None = None) -> list[list[int]]:
    """Token ids, of mixed lengths where none is given; another seed gives others, so that no cache knows them."""
    chance = random.Random(seed)
    mixed = [128] if streams == 1 else [chance.randrange(SHORTEST, LONGEST) for _ in range(streams)]
    lengths = mixed if length is None else [length] * streams
    return [[chance.randrange(3, 259) for _ in range(length)] for length in lengths]


def hear(port: int, token: str, model: str, prompt: Sequence[int], new: int = NEW_TOKENS) -> Heard:
    """One stream of /v1/completions, read to its end."""
    asked = {
        "model": model,
        "prompt": list(prompt),
        "max_tokens": new,
        "temperature": 0,
        "ignore_eos": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    connection, began = HTTPConnection("127.0.0.1", port, timeout=600), time.perf_counter()
    connection.request("POST", "/v1/completions", json.dumps(asked), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.read(500)!r}")
    first = last = 0.0
    usage: dict[str, Any] = {}
    for line in answer:
        if not line.startswith(b"data: {"):
            continue
        last = time.perf_counter() - began
        first = first or last
        usage = json.loads(line[6:]).get("usage") or usage
    connection.close()
    if usage.get("completion_tokens") != new:
        raise RuntimeError(f"{new} tokens were asked for, and {usage} came")
    return Heard(first, last, new)


def hear_all(port: int, token: str, model: str, asked: Sequence[Sequence[int]], new: int) -> list[Heard]:
    """Many streams that begin at once."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda prompt: hear(port, token, model, prompt, new), asked))


def measured(speakers: Mapping[str, Ask], case: Case) -> dict[str, dict[str, float]]:
    """Milliseconds of each of them, who are asked by turns; what is known is told while the others go on."""
    heard: dict[str, list[list[Heard]]] = {who: [] for who in speakers}
    for at in range(case.rounds):
        for who, ask in speakers.items():
            heard[who].append(ask(prompts(case.streams, 100 * case.streams + at), case.new))
    found = {who: _times(case, rounds) for who, rounds in heard.items()}
    for who, times in found.items():
        told = ", ".join(f"{what} {value:.1f} ms" for what, value in times.items())
        print(f"{who}: {told}", file=sys.stderr, flush=True)
    return found


def _times(case: Case, rounds: Sequence[Sequence[Heard]]) -> dict[str, float]:
    whole = [max(one.last for one in heard) / sum(one.tokens for one in heard) for heard in rounds]
    between = [(one.last - one.first) / (one.tokens - 1) for heard in rounds for one in heard]
    firsts = [one.first for heard in rounds for one in heard]
    return {
        f"a token of the whole, {case.plural}": median(whole) * 1000,
        case.between: median(between) * 1000,
        case.first: median(firsts) * 1000,
    }


def reading_seconds(size: int) -> float:
    """How long this machine needs at least to read `size` bytes of memory once."""
    import torch

    block = torch.ones(READ_BYTES // 4)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        block.sum()
        times.append(time.perf_counter() - began)
    return min(times) * size / READ_BYTES
