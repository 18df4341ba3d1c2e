"""git's wildcard patterns (`*`, `?`, `[…]`, `**`) as regular expressions that cannot run away.

A `*` is followed by an atomic group for the shortest stretch up to the next literal, and a `**/` by one for the
fewest folders. Taking the first place where a piece fits never loses a match of a glob, so nothing needs to be tried
twice: the time is bounded by the length of the pattern times the length of the path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SLASH = ord("/")
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"!-~",
    b"lower": rb"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb"\t-\r ",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}
_POSIX = {
    name: frozenset(b"".join(re.findall(b"[" + body + b"]", bytes(range(256))))) for name, body in _CLASSES.items()
}


class NeverMatches(ValueError):
    """The pattern is broken (a bracket without end, a last backslash), so it matches nothing."""


@dataclass(frozen=True)
class Literal:
    """These very bytes; never a slash."""

    text: bytes


@dataclass(frozen=True)
class OneOf:
    """One byte of this set; a slash is never in it."""

    codes: frozenset[int]


@dataclass(frozen=True)
class Star:
    """Any bytes but slashes, or with `folders` a whole segment `**`."""

    folders: bool = False


Piece = Literal | OneOf | Star
Segment = tuple[Piece, ...]
ANY_BYTE = OneOf(frozenset(range(256)) - {_SLASH})


def segments(pattern: bytes) -> tuple[Segment, ...]:
    """The pattern cut at its slashes into pieces; NeverMatches if it is broken."""
    done: list[Segment] = []
    current: list[Piece] = []
    for piece in _pieces(pattern):
        if piece == Literal(b"/"):
            done.append(_joined(current))
            current = []
        else:
            current.append(piece)
    return (*done, _joined(current))


def literal(segment: Segment) -> bytes | None:
    """The name that a segment without wildcards stands for."""
    if not segment:
        return b""
    first = segment[0]
    return first.text if len(segment) == 1 and isinstance(first, Literal) else None


def compiled(pattern: tuple[Segment, ...]) -> re.Pattern[bytes]:
    """The expression whose `fullmatch` answers for a path without leading slash."""
    blocks: list[list[Segment]] = [[]]
    for segment in pattern:
        if segment == (Star(folders=True),):
            blocks.append([])
        else:
            blocks[-1].append(segment)
    head, *rest = [[_expression(segment) for segment in block] for block in blocks]
    if not rest:
        return re.compile(b"/".join(head))
    out = b"".join(part + b"/" for part in head)
    for block in rest[:-1]:
        if block:
            out += b"(?>(?:[^/]*/)*?" + b"".join(part + b"/" for part in block) + b")"
    out += b"(?:[^/]*/)*" + b"/".join(rest[-1]) if rest[-1] else b".*"
    return re.compile(out, re.DOTALL)


def _joined(pieces: list[Piece]) -> Segment:
    """Neighbouring literals become one, neighbouring stars too unless they are the whole segment."""
    if len(pieces) == 1 and pieces[0] == Star(folders=True):
        return (pieces[0],)
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if isinstance(piece, Literal) and isinstance(last, Literal):
            out[-1] = Literal(last.text + piece.text)
        elif isinstance(piece, Star):
            out.extend([] if isinstance(last, Star) else [Star()])
        else:
            out.append(piece)
    return tuple(out)


def _pieces(pattern: bytes) -> Iterator[Piece]:
    at = 0
    while at < len(pattern):
        ch = pattern[at : at + 1]
        at += 1
        if ch == b"*":
            end = at
            while pattern[end : end + 1] == b"*":
                end += 1
            yield Star(folders=end > at)
            at = end
        elif ch == b"?":
            yield ANY_BYTE
        elif ch == b"[":
            codes, at = _bracket(pattern, at)
            yield OneOf(codes)
        elif ch == b"\\":
            yield Literal(_byte(pattern, at))
            at += 1
        else:
            yield Literal(ch)


def _byte(pattern: bytes, at: int) -> bytes:
    if at >= len(pattern):
        raise NeverMatches("The pattern ends too early.")
    return pattern[at : at + 1]


def _bracket(pattern: bytes, at: int) -> tuple[frozenset[int], int]:
    """The set behind an opening bracket, and where the pattern goes on."""
    negated = _byte(pattern, at) in b"!^"
    at += negated
    found: set[int] = set()
    before: int | None = None
    first = True
    while first or _byte(pattern, at) != b"]":
        first = False
        ch = _byte(pattern, at)
        if ch == b"-" and before is not None and pattern[at + 1 : at + 2] not in (b"", b"]"):
            end, at = _escaped(pattern, at + 1)
            found.update(range(before, end + 1))
            before = None
        elif (named := _named_class(pattern, at)) is not None:
            found.update(_POSIX[named])
            at += len(named) + 4
            before = None
        else:
            before, at = _escaped(pattern, at)
            found.add(before)
    codes = frozenset(range(256)) - found if negated else frozenset(found)
    return codes - {_SLASH}, at + 1


def _escaped(pattern: bytes, at: int) -> tuple[int, int]:
    at += _byte(pattern, at) == b"\\"
    return _byte(pattern, at)[0], at + 1


def _named_class(pattern: bytes, at: int) -> bytes | None:
    """The name of `[:name:]` here; None where a plain bracket is meant."""
    if pattern[at : at + 2] != b"[:":
        return None
    end = pattern.find(b"]", at + 2)
    if end < 0:
        raise NeverMatches("A bracket has no end.")
    if end < at + 3 or pattern[end - 1 : end] != b":":
        return None
    name = pattern[at + 2 : end - 1]
    if name not in _POSIX:
        raise NeverMatches("There is no such class of characters.")
    return name


def _expression(segment: Segment) -> bytes:
    """The expression of one segment: runs between stars, each but the last taken at its first place."""
    runs: list[bytes] = [b""]
    for piece in segment:
        match piece:
            case Literal():
                runs[-1] += re.escape(piece.text)
            case OneOf():
                runs[-1] += _set_expression(piece.codes)
            case Star():
                runs.append(b"")
    head, *middle = runs
    if not middle:
        return head
    *middle, tail = middle
    return head + b"".join(b"(?>[^/]*?" + run + b")" for run in middle) + b"[^/]*" + tail


def _set_expression(codes: frozenset[int]) -> bytes:
    if not codes:
        return b"(?!)"
    out = b""
    for code in sorted(codes):
        if code - 1 not in codes:
            last = code
            while last + 1 in codes:
                last += 1
            out += b"\\x%02x-\\x%02x" % (code, last)
    return b"[" + out + b"]"
