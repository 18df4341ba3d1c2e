"""An encoder with weights at random, and texts of mixed lengths for it."""

import random
from pathlib import Path
from typing import Any

from bench.figures import Sizes
from bench.language import write_tokenizer

LABELS = ("bad", "good")
SHORTEST, LONGEST = 8, 400


def make_encoder(folder: Path, sizes: Sizes) -> None:
    """Write a BERT of half of `sizes.hidden` with two labels, and its tokenizer, into `folder`."""
    import torch
    import transformers

    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    config = transformers.BertConfig(
        vocab_size=write_tokenizer(folder),
        hidden_size=sizes.hidden // 2,
        intermediate_size=sizes.hidden * 2,
        num_hidden_layers=sizes.layers // 2,
        num_attention_heads=sizes.hidden // 64,
        max_position_embeddings=512,
        pad_token_id=0,
        id2label=dict(enumerate(LABELS)),
        label2id={label: place for place, label in enumerate(LABELS)},
    )
    torch.manual_seed(1)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)


def texts(count: int, seed: int = 1) -> list[str]:
    """Most are short, some are long, as people's are; a letter is a token."""
    chance = random.Random(seed)
    lengths = [SHORTEST + int((LONGEST - SHORTEST) * chance.random() ** 3) for _ in range(count)]
    return ["".join(chance.choices("abcdefgh ", k=length)).strip() or "a" for length in lengths]
