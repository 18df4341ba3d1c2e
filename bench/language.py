"""A language model with weights at random, and loads for it: its speed is that of a trained one of its shape."""

import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Sizes

SPECIAL = ("<pad>", "<s>", "</s>")
NEW_TOKENS = 64
SHORTEST, LONGEST = 32, 512
STREAMS = (1, 8, 32)
READ_BYTES = 512 << 20


@dataclass(frozen=True)
class Heard:
    """One answer: seconds until its first and last token, and how many tokens it has."""

    first: float
    last: float
    tokens: int


Ask = Callable[[Sequence[Sequence[int]], int], list[Heard]]
"""Prompts and how many tokens each wants."""


def make_model(folder: Path, sizes: Sizes) -> int:
    """Write a Qwen3 of this size with its tokenizer into `folder`; how many parameters it has."""
    import torch
    import transformers

    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    vocabulary = write_tokenizer(folder)
    config = transformers.Qwen3Config(
        vocab_size=max(vocabulary, 32_768),
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


def write_tokenizer(folder: Path) -> int:
    """Bytes as tokens behind three special ones; how many there are."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: place for place, token in enumerate([*SPECIAL, *alphabet])}
    made = Tokenizer(models.BPE(vocabulary, [], unk_token=None))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    make: Any = transformers.PreTrainedTokenizerFast
    fast = make(tokenizer_object=made, bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    fast.save_pretrained(folder)
    return len(vocabulary)


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


def measure(ask: Ask, sizes: Sizes) -> dict[str, float]:
    """Milliseconds: a token of a long prompt; with 1, 8 and 32 streams a new token, and the wait for the first one."""
    rounds = range(min(sizes.rounds, 3))
    ask(prompts(8, 7), 8)  # whatever is made at the first use
    firsts = [ask(prompts(1, 900 + at, LONGEST), 1)[0].first for at in rounds]
    found = {f"a token of a prompt of {LONGEST}": median(firsts) / LONGEST * 1000}
    for streams in STREAMS:
        heard = [ask(prompts(streams, 100 * streams + at), NEW_TOKENS) for at in rounds]
        plural = "streams" if streams > 1 else "stream"
        found[f"a new token, {streams} {plural}"] = median(_per_token(one) for one in heard) * 1000
        found[f"until the first, {streams} {plural}"] = median(median(_firsts(one)) for one in heard) * 1000
    return found


def _per_token(heard: Sequence[Heard]) -> float:
    return max(one.last for one in heard) / sum(one.tokens for one in heard)


def _firsts(heard: Sequence[Heard]) -> list[float]:
    return [one.first for one in heard]


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
