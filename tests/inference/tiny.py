"""Tiny models with random weights and words of their own: a folder each, made in a moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = (
    "the a is was not good bad film bear hug ada wrote program in london paris and who where city lives she works at "
    "lab . , ? ! : - 我 爱 这 部 电 影 很 好 差 中 国 北 京 今 天 of to it i you great awful very on for with about 1 2 3"
).split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789")]
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 64,
}


def vocabulary() -> dict[str, int]:
    return {word: at for at, word in enumerate(dict.fromkeys([*SPECIAL, *WORDS, *LETTERS]))}


def words() -> Any:
    """A BERT tokenizer over the words above."""
    words = vocabulary()
    inner = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
    return transformers.BertTokenizerFast(tokenizer_object=inner, model_max_length=64)


def bert(head: str, **more: Any) -> Callable[[Path], None]:
    """A BERT with a head."""

    def make(folder: Path) -> None:
        torch.manual_seed(7)
        config = transformers.BertConfig(vocab_size=len(vocabulary()), initializer_range=0.4, **SIZES, **more)
        getattr(transformers, head)(config).save_pretrained(folder)
        words().save_pretrained(folder)

    return make


MODELS: dict[str, Callable[[Path], None]] = {
    "bert-classifier": bert("BertForSequenceClassification", id2label={0: "NEGATIVE", 1: "POSITIVE"}),
    "bert-topics": bert(
        "BertForSequenceClassification",
        id2label={0: "art", 1: "law", 2: "sport"},
        problem_type="multi_label_classification",
    ),
}
