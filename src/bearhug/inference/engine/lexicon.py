"""What a tokenizer does with texts, kept beside a model's graphs: its next workers need neither torch nor transformers.

`python -m bearhug.inference.engine.lexicon FOLDER TARGET` writes it, with the forms that OpenVINO reads.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bearhug.base.blobs.disk import made_whole
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers import machine

FACTS, TOKENS = "words.json", "tokenizer.json"
HEAVY = "torch"
OWN_WAYS = ("__call__", "_encode_plus", "_decode", "decode", "convert_ids_to_tokens", "apply_chat_template")
"""Methods of tokenizers that are not plain any more when their class has its own."""
SAMPLES = ("Hello, world !", " it 's  a\n\ttest .", "熊抱 🐻 é 12,345", "")
UNKNOWN_KIND = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, AssertionError)
"""What the conversion of a tokenizer raises that OpenVINO has no form for."""

log = logging.getLogger("bearhug.inference")


def folder_name() -> str:
    """The name of a lexicon's folder: other versions of the libraries write another one."""
    return f"words-1-{version('transformers')}-{version('tokenizers')}"


class Lexicon:
    """A tokenizer as it was read by transformers, without them. Only conversations are still laid out by them."""

    def __init__(self, folder: Path, facts: Mapping[str, Any]) -> None:
        self._file = str(folder / TOKENS)
        self._names: Mapping[str, str] = facts["names"]
        self.backend = Tokenizer.from_file(self._file)
        self.backend.no_truncation()
        self.backend.no_padding()
        self.backend.encode_special_tokens = facts["splits"]
        self.template: str = facts["template"]
        self.start: int | None = facts["start"]
        self.end: int | None = facts["end"]
        self.special: frozenset[int] = frozenset(facts["special"])
        if self.template:  # whoever asks for a conversation finds it read
            threading.Thread(target=lambda: self._layout, daemon=True, name="templates").start()

    def __len__(self) -> int:
        return int(self.backend.get_vocab_size())

    def encode(self, text: str, *, special: bool) -> list[int]:
        return list(self.backend.encode(text, add_special_tokens=special).ids)

    def decode(self, ids: Sequence[int], *, special: bool) -> str:
        return str(self.backend.decode(ids, skip_special_tokens=not special))

    def pieces(self, ids: Sequence[int]) -> list[str]:
        return [str(self.backend.id_to_token(one)) for one in ids]

    def laid_out(self, messages: Sequence[Mapping[str, Any]], **wishes: Any) -> str:
        """A conversation as the model wants it."""
        return str(self._layout.apply_chat_template(list(messages), tokenize=False, **wishes))

    @cached_property
    def _layout(self) -> Any:
        from transformers import PreTrainedTokenizerFast

        make: Any = PreTrainedTokenizerFast
        return make(tokenizer_file=self._file, chat_template=self.template, **self._names)


def read(folder: Path) -> Lexicon | None:
    """What is kept there; None for a tokenizer that only transformers can be."""
    facts = json.loads((folder / FACTS).read_bytes())
    return Lexicon(folder, facts) if facts["plain"] else None


def begin(source: Source, target: Path) -> "subprocess.Popen[bytes] | None":
    """Write it in a process beside this one, which has time for something else; None where this one is quicker."""
    if source.code or HEAVY in sys.modules:
        return None
    command = [*machine.OWN_PYTHON, "-m", __name__, str(source.folder), str(target)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def write(tokenizer: Any, target: Path) -> None:
    """Keep a tokenizer of transformers as the folder `target`, whole or not at all."""
    with made_whole(target, "words-") as made:
        _write_plain(tokenizer, made)
        _write_forms(tokenizer, made)


def _write_plain(tokenizer: Any, folder: Path) -> None:
    facts: dict[str, Any] = {"plain": _is_plain(tokenizer)}
    if facts["plain"]:
        facts |= {
            "names": tokenizer.special_tokens_map,
            "splits": bool(tokenizer.split_special_tokens),
            "template": tokenizer.chat_template or "",
            "start": tokenizer.bos_token_id,
            "end": tokenizer.eos_token_id,
            "special": tokenizer.all_special_ids,
        }
        tokenizer.backend_tokenizer.save(str(folder / TOKENS))
        facts["plain"] = _agree(tokenizer, Lexicon(folder, facts | {"template": ""}))
    (folder / FACTS).write_text(json.dumps(facts))


def _is_plain(tokenizer: Any) -> bool:
    """Whether nothing happens to texts but what its backend does."""
    from transformers import PreTrainedTokenizerFast

    kind: Any = type(tokenizer)
    if not issubclass(kind, PreTrainedTokenizerFast) or isinstance(tokenizer.chat_template, dict):
        return False
    tidies = tokenizer.clean_up_tokenization_spaces and type(tokenizer.backend_tokenizer.model).__name__ != "BPE"
    own = any(getattr(kind, way) is not getattr(PreTrainedTokenizerFast, way) for way in OWN_WAYS)
    return not (tidies or own)


def _agree(tokenizer: Any, kept: Lexicon) -> bool:
    """Whether both say the same, with and without special tokens."""
    for text in (*SAMPLES, "".join(tokenizer.all_special_tokens)):
        for special in (True, False):
            ids = list(tokenizer(text, add_special_tokens=special)["input_ids"])
            there = tokenizer.decode(ids, skip_special_tokens=not special)
            if ids != kept.encode(text, special=special) or there != kept.decode(ids, special=special):
                return False
    return True


def _write_forms(tokenizer: Any, folder: Path) -> None:
    import openvino as ov
    from openvino_tokenizers import convert_tokenizer

    from bearhug.inference.engine.graphs.writing import DETOKENIZER, TOKENIZER

    try:
        there, back = convert_tokenizer(tokenizer, with_detokenizer=True)
    except UNKNOWN_KIND as error:
        log.warning("No answers in a given form for this model: its tokenizer has no OpenVINO form (%s).", error)
        return
    ov.save_model(there, folder / TOKENIZER)
    ov.save_model(back, folder / DETOKENIZER)


def whole(source: Source) -> Any:
    """The tokenizer of a model folder, as transformers reads it."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(source.folder), **source.options())


def main() -> None:
    sys.modules[HEAVY] = None  # type: ignore[assignment]  # tokenizers do without it, and reading it takes seconds
    write(whole(Source(Path(sys.argv[1]))), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
