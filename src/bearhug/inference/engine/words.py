"""From text to token ids and back: templates of conversations, and decoding while tokens still come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateError

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.source import Source

LONGEST_TEXT = 4 << 20
BROKEN = "\ufffd"
"""What decoders write for bytes that are no whole character yet."""
WAIT = 12
"""Tokens after which broken characters are taken as they are."""


class Words:
    """The tokenizer of a model folder, as transformers reads it."""

    def __init__(self, source: Source) -> None:
        from transformers import AutoTokenizer

        self.tokenizer: Any = AutoTokenizer.from_pretrained(str(source.folder), **source.options())
        self.special: frozenset[int] = frozenset(self.tokenizer.all_special_ids)

    @property
    def template(self) -> str:
        """The chat template's text; empty where the model has none."""
        found = self.tokenizer.chat_template
        if isinstance(found, dict):
            found = found.get("default") or next(iter(found.values()), "")
        return found or ""

    def ends(self, config: Mapping[str, Any], generation: Mapping[str, Any]) -> tuple[int, ...]:
        """The ids that end an answer: those of the generation config first, then of the config and the tokenizer."""
        found: dict[int, None] = {}
        for said in (generation.get("eos_token_id"), config.get("eos_token_id"), self.tokenizer.eos_token_id):
            for one in said if isinstance(said, list) else [said]:
                if isinstance(one, int) and one >= 0:
                    found[one] = None
        return tuple(found)

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        if len(text) > LONGEST_TEXT:
            raise BadRequest(f"The text has more than {LONGEST_TEXT:,} characters.")
        return list(self.tokenizer(text, add_special_tokens=special)["input_ids"])

    def decode(self, ids: Sequence[int], *, special: bool = False) -> str:
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=not special)
        return text

    def conversation(self, messages: Sequence[Mapping[str, Any]], **wishes: Any) -> list[int]:
        """The ids of a conversation by the model's own template, an answer asked for at its end."""
        if not self.template:
            raise BadRequest(
                "This model has no chat template, so it cannot hold conversations. Use /v1/completions, or give its "
                "tokenizer_config.json a chat_template."
            )
        options = {"add_generation_prompt": True, **wishes}
        try:
            text = self.tokenizer.apply_chat_template(list(messages), tokenize=False, **options)
        except (TemplateError, TypeError, ValueError, KeyError) as error:
            raise BadRequest(f"The model's chat template refuses these messages: {error}") from error
        return self.encode(text, special=False)


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
