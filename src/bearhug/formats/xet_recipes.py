"""Whether a file recipe is true: its terms, its proofs and its hash against the xorbs it names.

Source: the public Xet protocol specification (verification hashes). The range hashes prove that the
sender knows the chunks, since they are made from raw chunk hashes that no answer ever shows together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import HASH_LENGTH, hash_to_text, range_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_shard import FileRecipe
from bearhug.formats.xet_xorb import XorbIndex

MAX_FILE_CHUNKS = 1 << 22

FindXorb = Callable[[bytes], XorbIndex | None]


def check_recipe(recipe: FileRecipe, find_xorb: FindXorb, max_chunks: int = MAX_FILE_CHUNKS) -> int:
    """Raise `ShardFormatError` unless the recipe is true; returns the size of the file in bytes.

    find_xorb: from a xorb's raw hash to its index, None if there is no such xorb. It is asked once a
    xorb, however its terms lie scattered. Checked: every range exists, has the length claimed and the
    range hash given, and all chunks together have the file's hash. A recipe without range hashes is refused.
    max_chunks: a short shard can name many chunks, so a server lets all files of one share a budget.
    """
    terms = recipe.terms
    if len(recipe.range_hashes) != len(terms) * HASH_LENGTH:
        raise ShardFormatError("a file without a range hash for every term")
    spans = terms["end"].astype(np.int64) - terms["start"]
    if len(terms) and (spans.min() < 1 or spans.sum() > max_chunks):
        raise ShardFormatError(f"a term without chunks, or a file of more than {max_chunks}")
    hashes: list[bytes] = [b""] * len(terms)
    lengths = [np.empty(0, np.uint32)] * (len(terms) + 1)
    for xorb_hash, numbers in _terms_by_xorb(terms).items():
        index = find_xorb(xorb_hash)
        if index is None:
            raise ShardFormatError(f"term {numbers[0]} names an unknown xorb {hash_to_text(xorb_hash)}")
        for number in numbers:
            hashes[number], lengths[number] = _check_term(recipe, number, index)
    if file_hash(b"".join(hashes), np.concatenate(lengths)) != recipe.file_hash:
        raise ShardFormatError(f"the terms do not make the file {hash_to_text(recipe.file_hash)}")
    return recipe.size


def _terms_by_xorb(terms: NDArray[np.void]) -> dict[bytes, list[int]]:
    found: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, xorb_hash in enumerate(terms["xorb_hash"].tolist()):
        found[xorb_hash].append(number)
    return found


def _check_term(recipe: FileRecipe, number: int, index: XorbIndex) -> tuple[bytes, NDArray[np.uint32]]:
    """The flat hashes and the lengths of one term's chunks, after its own claims were checked."""
    _, _, raw_length, start, end = recipe.terms[number].tolist()
    if end > index.count or index.range_length(start, end) != raw_length:
        raise ShardFormatError(f"term {number} is not {raw_length} bytes in chunks [{start}, {end})")
    hashes = index.range_hashes(start, end)
    if range_hash(hashes) != recipe.range_hashes[number * HASH_LENGTH : (number + 1) * HASH_LENGTH]:
        raise ShardFormatError(f"the range hash of term {number} is wrong")
    return hashes, index.lengths[start:end]
