"""Names that many file systems take for one: they differ only in letter case or in how Unicode spells them."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence

WHY = "they differ only in letter case or Unicode form"


def alike(names: Sequence[str], before: Collection[str] = ()) -> list[tuple[str, str]]:
    """Pairs of a folder's names that are taken for one. Those that were together `before` are left as they are."""
    text = "\0".join(names)
    folded = text.lower().split("\0") if text.isascii() else [_folded(name) for name in names]
    if not names or len(set(folded)) == len(names):
        return []
    groups: dict[str, list[str]] = defaultdict(list)
    for name, fold in zip(names, folded, strict=True):
        groups[fold].append(name)
    known = set(before)
    return [(group[0], group[1]) for group in groups.values() if len(group) > 1 and not known.issuperset(group)]


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
