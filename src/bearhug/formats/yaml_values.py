"""One YAML document as JSON-like values, built from parser events so that every bound holds while it is read."""

import math
import re
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    StreamEndEvent,
)

from bearhug.formats.values import Json, clean

MOST_VALUES = 200_000
MOST_CHARACTERS = 4 * 1024 * 1024
DEEPEST = 50
MERGE = "<<"

_PREFIX = "tag:yaml.org,2002:"
_COLLECTION_TAGS = {None, "!", _PREFIX + "map", _PREFIX + "seq"}
_SCALAR_TYPES: dict[str, tuple[type, ...]] = {
    _PREFIX + "int": (int,),
    _PREFIX + "float": (int, float),
    _PREFIX + "bool": (bool,),
    _PREFIX + "null": (type(None),),
}
_WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_RADIX = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class YamlError(ValueError):
    """The text is no YAML that can be used; `line` counts from 0."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass
class _Open:
    """A list or mapping that is being filled, and what had been spent before it began."""

    value: list[Json] | dict[str, Json]
    anchor: str | None
    spent_before: tuple[int, int]
    key: str | None = None
    merges: list[Json] = field(default_factory=list)


class YamlValues:
    """Reads one document; use it once."""

    def __init__(self) -> None:
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Json, int, int]] = {}
        self._values = 0
        self._characters = 0
        self._root: Json = None
        self._documents = 0

    def document(self, text: str) -> Json:
        """The value of the text, None if it is empty. YamlError if it is broken or breaks a bound."""
        try:
            loader = yaml.CSafeLoader(text)
            try:
                while (event := loader.get_event()) and not isinstance(event, StreamEndEvent):
                    self._take(event)
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlError(
                f"{(error.problem or 'not valid YAML').rstrip('.')}.", mark.line if mark else None
            ) from error
        except yaml.YAMLError as error:
            raise YamlError("It contains a character that YAML does not allow.") from error
        except UnicodeEncodeError as error:
            raise YamlError("It is not valid Unicode.") from error
        return self._root

    def _take(self, event: Event) -> None:
        line = event.start_mark.line if event.start_mark else 0
        match event:
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise YamlError("It holds more than one YAML document.", line)
            case ScalarEvent():
                self._spend(1, len(event.value), line)
                self._put_scalar(event, line)
            case AliasEvent():
                self._put_alias(event, line)
            case CollectionStartEvent():
                self._open(event, line)
            case CollectionEndEvent():
                self._close(line)

    def _spend(self, values: int, characters: int, line: int) -> None:
        self._values += values
        self._characters += characters
        if self._values > MOST_VALUES or self._characters > MOST_CHARACTERS:
            raise YamlError("It holds too many values (aliases count for all that they stand for).", line)

    def _put_scalar(self, event: ScalarEvent, line: int) -> None:
        value = _scalar(event, line)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1, len(event.value))
        if self._wants_key():
            is_merge = event.value == MERGE and event.implicit[0]
            self._set_key(clean(event.value), line, merge=is_merge)
        else:
            self._put(value)

    def _put_alias(self, event: NodeEvent, line: int) -> None:
        if event.anchor not in self._anchors:
            raise YamlError(
                f'There is nothing called "&{str(event.anchor)[:100]}" before this, or it would contain itself.', line
            )
        value, values, characters = self._anchors[event.anchor]
        self._spend(values, characters, line)
        if not self._wants_key():
            self._put(value)
        elif isinstance(value, str):
            self._set_key(value, line, merge=False)
        else:
            raise YamlError("A key must be a plain text.", line)

    def _open(self, event: CollectionStartEvent, line: int) -> None:
        if self._wants_key():
            raise YamlError("A key must be a plain text.", line)
        if event.tag not in _COLLECTION_TAGS:
            raise YamlError(f"The tag {str(event.tag)[:100]} is not allowed here.", line)
        if len(self._stack) >= DEEPEST:
            raise YamlError(f"It is nested more than {DEEPEST} levels deep.", line)
        empty: list[Json] | dict[str, Json] = {} if isinstance(event, MappingStartEvent) else []
        self._stack.append(_Open(empty, event.anchor, (self._values, self._characters)))
        self._spend(1, 0, line)

    def _close(self, line: int) -> None:
        done = self._stack.pop()
        if isinstance(done.value, dict):
            _merge(done.value, done.merges, line)
        if done.anchor:
            values, characters = done.spent_before
            self._anchors[done.anchor] = (done.value, self._values - values, self._characters - characters)
        self._put(done.value)

    def _wants_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _set_key(self, key: str, line: int, *, merge: bool) -> None:
        top = self._stack[-1]
        if key in top.value and not merge:
            raise YamlError(f'The key "{key[:100]}" appears twice.', line)
        top.key = MERGE if merge else key
        if merge:
            top.merges.append(None)

    def _put(self, value: Json) -> None:
        if not self._stack:
            self._root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key == MERGE and top.merges and top.merges[-1] is None:
            top.merges[-1] = value
            top.key = None
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None


def _merge(target: dict[str, Json], merges: list[Json], line: int) -> None:
    """`<<`: take over what the mapping does not say itself."""
    for merged in merges:
        for source in merged if isinstance(merged, list) else [merged]:
            if not isinstance(source, dict):
                raise YamlError("Only mappings can be merged with <<.", line)
            for key, value in source.items():
                target.setdefault(key, value)


def _scalar(event: ScalarEvent, line: int) -> Json:
    tag = event.tag
    if event.implicit[0] and tag is None:
        return _plain(event.value)
    if tag is None or tag in {"!", _PREFIX + "str"}:
        return clean(event.value)
    value = _plain(event.value)
    allowed = _SCALAR_TYPES.get(tag, ())
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise YamlError(f"The tag {tag[:100]} is not allowed here.", line)
    return value


def _plain(text: str) -> Json:
    """What a text without quotes means in YAML 1.2; numbers that would lose digits stay texts."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _RADIX.fullmatch(text):
            return int(text, 0)
        if _NO_NUMBER.fullmatch(text):
            return None
        if "." in text or "e" in text.lower():
            return _float(text)
    return clean(text)


def _float(text: str) -> Json:
    if len(text) > 100 or not _FLOAT.fullmatch(text):
        return clean(text)
    number = float(text)
    return number if math.isfinite(number) else text
