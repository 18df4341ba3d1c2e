"""Recipes that are true, and every way to forge one."""

import numpy as np
import pytest
from tests.formats.xet_samples import HELLO_SHARD, HELLO_XORB, make_xorb

from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import ZERO_HASH, chunk_hash, range_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_recipes import check_recipe
from bearhug.formats.xet_shard import TERM, FileRecipe, read_shard
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb

FIRST = [b"a" * 10, b"b" * 20, b"c" * 30]
SECOND = [b"d" * 40, b"e" * 50]
XORBS = {index.xorb_hash: index for index in (make_xorb(FIRST)[1], make_xorb(SECOND)[1])}
(ONE, TWO) = XORBS.values()


def find(xorb_hash: bytes) -> XorbIndex | None:
    return XORBS.get(xorb_hash)


def recipe(
    *terms: tuple[XorbIndex, int, int], size_off: int = 0, proof: bytes | None = None, name: bytes | None = None
) -> FileRecipe:
    chunks = [chunk for index, start, end in terms for chunk in (FIRST if index is ONE else SECOND)[start:end]]
    own = file_hash(b"".join(map(chunk_hash, chunks)), [len(chunk) for chunk in chunks])
    rows = [(x.xorb_hash, 0, x.range_length(s, e) + size_off, s, e) for x, s, e in terms]
    proofs = b"".join(range_hash(x.range_hashes(s, e)) for x, s, e in terms) if proof is None else proof
    return FileRecipe(name or own, np.array(rows, TERM), proofs)


def test_the_recipe_of_the_official_client_is_true() -> None:
    index = scan_xorb(HELLO_XORB)
    assert check_recipe(read_shard(HELLO_SHARD).files[0], {index.xorb_hash: index}.get) == 11


def test_terms_of_several_xorbs_make_a_file() -> None:
    assert check_recipe(recipe((ONE, 0, 3)), find) == 60
    assert check_recipe(recipe((TWO, 1, 2), (ONE, 0, 2), (TWO, 0, 2), (ONE, 2, 3)), find) == 200


def test_a_xorb_is_looked_up_once_however_its_terms_lie_scattered() -> None:
    asked = []

    def remember(xorb_hash: bytes) -> XorbIndex | None:
        asked.append(xorb_hash)
        return find(xorb_hash)

    assert check_recipe(recipe(*[(ONE, 1, 2), (TWO, 0, 1)] * 50), remember) == 50 * 60
    assert sorted(asked) == sorted(XORBS)


def test_a_file_without_terms_is_the_empty_one() -> None:
    assert check_recipe(FileRecipe(ZERO_HASH, np.empty(0, TERM)), find) == 0
    with pytest.raises(ShardFormatError):
        check_recipe(FileRecipe(b"x" * 32, np.empty(0, TERM)), find)


def test_an_untrue_recipe_is_refused() -> None:
    good = recipe((ONE, 0, 2), (TWO, 0, 1))
    forged = [
        recipe((ONE, 0, 2), size_off=1),
        recipe((ONE, 0, 2), proof=bytes(32)),
        recipe((ONE, 0, 2), proof=range_hash(ONE.range_hashes(0, 3))),
        recipe((ONE, 0, 2), proof=b""),
        recipe((ONE, 0, 2), proof=good.range_hashes + bytes(32)),
        recipe((ONE, 0, 2), name=b"x" * 32),
        FileRecipe(good.file_hash, good.terms[::-1], good.range_hashes[32:] + good.range_hashes[:32]),
    ]
    for each in forged:
        with pytest.raises(ShardFormatError):
            check_recipe(each, find)


@pytest.mark.parametrize(("start", "end"), [(0, 4), (3, 4), (0, 2**32 - 1), (1, 1), (2, 1), (2**32 - 1, 0)])
def test_a_range_that_does_not_exist_is_refused(start: int, end: int) -> None:
    rows = np.array([(ONE.xorb_hash, 0, 10, start, end)], TERM)
    with pytest.raises(ShardFormatError):
        check_recipe(FileRecipe(b"x" * 32, rows, bytes(32)), find)


def test_an_unknown_xorb_is_refused() -> None:
    with pytest.raises(ShardFormatError, match="unknown"):
        check_recipe(recipe((ONE, 0, 2)), lambda _: None)


def test_a_file_of_too_many_chunks_is_refused_before_any_work() -> None:
    asked: list[bytes] = []
    with pytest.raises(ShardFormatError, match="more than 3"):
        check_recipe(recipe((ONE, 0, 2), (TWO, 0, 2)), asked.append, max_chunks=3)
    assert asked == []
