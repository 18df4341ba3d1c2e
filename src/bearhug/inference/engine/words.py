"""From text to token ids and back: templates of conversations, and decoding while tokens still come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from bearhug.base.errors import BadRequest
from bearhug.inference.engine import lexicon
from bearhug.inference.engine.lexicon import Lexicon
from bearhug.inference.tasks.source import Source

LONGEST_TEXT = 4 << 20
BROKEN = "\ufffd"
"""What decoders write for bytes that are no whole character yet."""
WAIT = 12
"""Tokens after which broken characters are taken as they are."""


class Words:
    """The tokenizer of a model folder, as transformers reads it; from its folder `kept`, where one is given, without
    them.
    """

    def __init__(self, source: Source, kept: Path | None = None) -> None:
        self._source = source
        self._kept = kept
        is_new = kept is not None and not kept.is_dir()
        self._writer = lexicon.begin(source, kept) if kept is not None and is_new else None

    @cached_property
    def tokenizer(self) -> Any:
        """That of transformers itself."""
        return lexicon.whole(self._source)

    @property
    def forms(self) -> Path | None:
        """Where what OpenVINO reads of it lies."""
        self._settle()
        return self._kept

    @cached_property
    def _lexicon(self) -> Lexicon | None:
        self._settle()
        return lexicon.read(self._kept) if self._kept is not None else None

    def _settle(self) -> None:
        """Wait for who writes it; what did not come about there is done here, or fails with its reason."""
        if self._writer is not None:
            self._writer.wait()
            self._writer = None
        if self._kept is not None and not self._kept.is_dir():
            lexicon.write(self.tokenizer, self._kept)

    def __len__(self) -> int:
        return len(self._lexicon if self._lexicon is not None else self.tokenizer)

    @property
    def template(self) -> str:
        """The chat template's text; empty where the model has none."""
        if self._lexicon is not None:
            return self._lexicon.template
        found = self.tokenizer.chat_template
        if isinstance(found, dict):
            found = found.get("default") or next(iter(found.values()), "")
        return found or ""

    @property
    def special(self) -> frozenset[int]:
        return self._lexicon.special if self._lexicon is not None else frozenset(self.tokenizer.all_special_ids)

    @property
    def start(self) -> int | None:
        """The id that begins a text."""
        found: int | None = self._lexicon.start if self._lexicon is not None else self.tokenizer.bos_token_id
        return found

    def ends(self, config: Mapping[str, Any], generation: Mapping[str, Any]) -> tuple[int, ...]:
        """The ids that end an answer: those of the generation config first, then of the config and the tokenizer."""
        own = self._lexicon.end if self._lexicon is not None else self.tokenizer.eos_token_id
        found: dict[int, None] = {}
        for said in (generation.get("eos_token_id"), config.get("eos_token_id"), own):
            for one in said if isinstance(said, list) else [said]:
                if isinstance(one, int) and one >= 0:
                    found[one] = None
        return tuple(found)

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        if len(text) > LONGEST_TEXT:
            raise BadRequest(f"The text has more than {LONGEST_TEXT:,} characters.")
        if self._lexicon is not None:
            return self._lexicon.encode(text, special=special)
        return list(self.tokenizer(text, add_special_tokens=special)["input_ids"])

    def decode(self, ids: Sequence[int], *, special: bool = False) -> str:
        if self._lexicon is not None:
            return self._lexicon.decode(list(ids), special=special)
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=not special)
        return text

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Tokens as the vocabulary writes them."""
        if self._lexicon is not None:
            return self._lexicon.pieces(ids)
        return [str(piece) for piece in self.tokenizer.convert_ids_to_tokens(list(ids))]

    def conversation(self, messages: Sequence[Mapping[str, Any]], **wishes: Any) -> list[int]:
        """The ids of a conversation by the model's own template, an answer asked for at its end."""
        if not self.template:
            raise BadRequest(
                "This model has no chat template, so it cannot hold conversations. Use /v1/completions, or give its "
                "tokenizer_config.json a chat_template."
            )
        options = {"add_generation_prompt": True, **wishes}
        try:
            text = self._laid_out(messages, options)
        except (TemplateError, TypeError, ValueError, KeyError) as error:
            raise BadRequest(f"The model's chat template refuses these messages: {error}") from error
        return self.encode(text, special=False)

    def _laid_out(self, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
        if self._lexicon is not None:
            return self._lexicon.laid_out(messages, **options)
        text: str = self.tokenizer.apply_chat_template(list(messages), tokenize=False, **options)
        return text


@dataclass
class Unfolding:
    """The text of tokens that come one after another; characters of several tokens wait until they are whole."""

    words: Words
    special: bool = False
    ids: list[int] = field(default_factory=list)
    _start: int = 0
    _said: int = 0

    def add(self, new: Sequence[int]) -> str:
        """The text that these tokens add. A token's text depends on its neighbours: decoding goes back."""
        self.ids.extend(new)
        before = self.words.decode(self.ids[self._start : self._said], special=self.special)
        text = self.words.decode(self.ids[self._start :], special=self.special)
        if text.endswith(BROKEN) and len(self.ids) - self._said < WAIT:
            return ""
        self._start, self._said = self._said, len(self.ids)
        return text[len(before) :]

    def rest(self) -> str:
        """What was held back, when nothing more comes."""
        before = self.words.decode(self.ids[self._start : self._said], special=self.special)
        text = self.words.decode(self.ids[self._start :], special=self.special)
        self._start = self._said = len(self.ids)
        return text[len(before) :]


@dataclass
class Stops:
    """Watches a growing text for words that end it, and holds back what may be the beginning of one."""

    stops: tuple[str, ...]
    keep: bool = False
    _held: str = ""
    found: str | None = None

    def add(self, text: str) -> str:
        """The text that is certain now. `found` is set when one of the words has come."""
        self._held += text
        places = [(at, stop) for stop in self.stops if (at := self._held.find(stop)) >= 0]
        if places:
            at, self.found = min(places)
            said = self._held[: at + len(self.found) * self.keep]
            self._held = ""
            return said
        certain = len(self._held) - self._possible()
        said, self._held = self._held[:certain], self._held[certain:]
        return said

    def rest(self) -> str:
        said, self._held = self._held, ""
        return said

    def _possible(self) -> int:
        """How many characters at the end may belong to one of the words."""
        longest = max((len(stop) for stop in self.stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            tail = self._held[-length:]
            if any(stop.startswith(tail) for stop in self.stops):
                return length
        return 0
