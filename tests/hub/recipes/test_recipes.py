"""Recipes: files read by them, kept once, rebuilt from the journal."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from tests.xetbox import Packed, XetClient, noise, pack, sha

from bearhug.base.errors import Conflict, EntryNotFound
from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import hash_from_text
from bearhug.formats.xet_shard import TERM
from bearhug.hub.objects.records import XET, StoredObject
from bearhug.hub.recipes.backing import ChunkBacking
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.service import Recipes

BODY = noise(1, 900_000)


@pytest.fixture
def recipes(xet: XetClient) -> Recipes:
    return xet.box.app.recipes


def keep(recipes: Recipes, *contents: bytes) -> list[Recipe]:
    return add(recipes, pack(*contents))


def add(recipes: Recipes, packed: Packed) -> list[Recipe]:
    for name, body in packed.bodies.items():
        with recipes.xorbs.bodies.receive() as spool:
            spool.write(body)
            recipes.xorbs.keep_made(spool, packed.indexes[hash_from_text(name)])
    shard = recipes.journal.write(packed.files)
    with recipes.db.writing() as tx:
        return recipes.add(tx, packed.files, shard)


def read(recipes: Recipes, recipe: Recipe, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(recipes.blocks(recipe, start, recipe.size if end is None else end))


def test_a_file_comes_back_from_its_chunks(recipes: Recipes) -> None:
    contents = [BODY, b"", b"x", BODY[:300_000], bytes(500_000)]
    for content, recipe in zip(contents, keep(recipes, *contents), strict=True):
        assert recipe.size == len(content)
        assert read(recipes, recipe) == content


def test_any_range_comes_back(recipes: Recipes) -> None:
    changed = BODY[:400_000] + b"!" * 70_000 + BODY[450_000:]
    _, recipe = keep(recipes, BODY, changed)
    chance = random.Random(0)
    for _ in range(200):
        start = chance.randrange(len(changed))
        end = chance.randrange(start, min(start + 200_000, len(changed))) + 1
        assert read(recipes, recipe, start, end) == changed[start:end]


def test_pieces_cover_a_range_and_no_chunk_more(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    index = recipes.xorbs.need(next(iter(recipe.xorbs)))
    borders = index.raw_offsets.tolist()
    [piece] = recipes.pieces(recipe, borders[2], borders[4])
    assert (piece.start, piece.end, piece.at, piece.length) == (2, 4, borders[2], borders[4] - borders[2])
    [piece] = recipes.pieces(recipe, borders[2] - 1, borders[4] + 1)
    assert (piece.start, piece.end) == (1, 5)
    [piece] = recipes.pieces(recipe, borders[2] + 1, borders[2] + 2)
    assert (piece.start, piece.end) == (2, 3)


def test_a_known_file_keeps_its_recipe(recipes: Recipes) -> None:
    [first] = keep(recipes, BODY)
    packed = pack(noise(5, 200_000), BODY)
    second = add(recipes, packed)[1]
    assert (second.id, second.terms.tolist()) == (first.id, first.terms.tolist())


def test_a_recipe_whose_bytes_are_lost_is_replaced(recipes: Recipes) -> None:
    [first] = keep(recipes, BODY)
    for digest in first.xorbs:
        recipes.xorbs.bodies.remove(digest)
    second = add(recipes, pack(noise(5, 200_000), BODY))[1]
    assert second.id == first.id
    assert read(recipes, second) == BODY


def test_a_recipe_needs_all_its_xorbs(recipes: Recipes) -> None:
    packed = pack(BODY)
    with recipes.db.writing() as tx, pytest.raises(Conflict):
        recipes.add(tx, packed.files, "0" * 64)


def test_a_lost_xorb_is_an_error_and_no_wrong_bytes(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    for digest in recipe.xorbs:
        recipes.xorbs.bodies.remove(digest)
    with pytest.raises(EntryNotFound):
        read(recipes, recipe)


def test_dropping_spares_what_is_needed(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    assert not recipes.drop(recipe, lambda _tx, hashes: set(hashes))
    assert recipes.drop(recipe, lambda _tx, _hashes: set())
    assert list(recipes.walk()) == []
    assert list(recipes.journal.walk()) == []


def test_a_shard_stays_as_long_as_one_of_its_files(recipes: Recipes) -> None:
    one, two = keep(recipes, BODY, BODY[:100_000])
    recipes.drop(one, lambda _tx, _hashes: set())
    assert len(list(recipes.journal.walk())) == 1
    recipes.drop(two, lambda _tx, _hashes: set())
    assert list(recipes.journal.walk()) == []


def test_a_file_of_many_terms_is_found_quickly() -> None:
    terms = np.zeros(100_000, TERM)
    terms["raw_length"], terms["end"] = 10, 1
    recipe = Recipe(1, "", 1_000_000, None, terms)
    assert [at for at, _, _, _ in recipe.terms_within(500_005, 500_025)] == [500_000, 500_010, 500_020]
    assert list(recipe.terms_within(0, 0)) == []


# the journal -------------------------------------------------------------------------------------------------


def test_the_journal_tells_what_was_written(recipes: Recipes) -> None:
    packed = pack(BODY, b"x")
    name = recipes.journal.write(packed.files)
    assert recipes.journal.write(packed.files) == name
    told = recipes.journal.read(name)
    assert [file.file_hash for file in told] == [file.file_hash for file in packed.files]
    assert [file.sha256 for file in told] == [bytes.fromhex(sha(BODY)), bytes.fromhex(sha(b"x"))]
    assert [file.range_hashes for file in told] == [file.range_hashes for file in packed.files]
    assert list(recipes.journal.root.rglob("*.part")) == []


def test_a_damaged_shard_is_told(recipes: Recipes) -> None:
    name = recipes.journal.write(pack(BODY).files)
    (recipes.journal.root / name[:2] / name).write_bytes(b"short")
    with pytest.raises(ShardFormatError):
        recipes.journal.read(name)


# objects that consist of chunks ------------------------------------------------------------------------------


def test_an_object_is_read_in_blocks_and_parts(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    found = StoredObject(sha(BODY), len(BODY), XET, recipe.hash)
    backing = ChunkBacking(recipes)
    content = backing.content(found)
    assert (content.size, content.etag) == (len(BODY), f'"{sha(BODY)}"')
    assert content.read is not None
    assert content.blocks is not None
    assert content.read(5, 10) == BODY[5:15]
    assert content.read(len(BODY) - 5, 10) == BODY[-5:]
    assert b"".join(content.blocks(10, 500_000)) == BODY[10:500_000]
    assert b"".join(backing.blocks(found)) == BODY
    assert backing.has(found)


def test_an_object_that_lost_a_xorb_is_not_there(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    backing = ChunkBacking(recipes)
    for digest in recipe.xorbs:
        recipes.xorbs.bodies.remove(digest)
    assert not backing.has(StoredObject(sha(BODY), len(BODY), XET, recipe.hash))
    assert not backing.has(StoredObject(sha(BODY), len(BODY), XET, "0" * 64))


def test_reading_whole_twice_is_told_once(recipes: Recipes) -> None:
    [recipe] = keep(recipes, BODY)
    wanted: list[str] = []
    backing = ChunkBacking(recipes, wanted.append)
    found = StoredObject(sha(BODY), len(BODY), XET, recipe.hash)
    seen: Sequence[int] = []
    for _ in range(4):
        blocks = backing.content(found).blocks
        assert blocks is not None
        assert b"".join(blocks(0, len(BODY))) == BODY
        seen = [*seen, len(wanted)]
    assert seen == [0, 1, 1, 1]
    assert wanted == [sha(BODY)]
