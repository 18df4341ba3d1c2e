"""Ordinary files packed into xorbs and recipes, and read back."""

import hashlib
import io
import random
from collections.abc import Iterable

import hf_xet
import pytest
from tests.formats.xet_samples import FILES

from bearhug.formats.xet_hashes import HASH_LENGTH, Buffer, hash_to_text
from bearhug.formats.xet_packer import FilePacker, FindChunk
from bearhug.formats.xet_recipes import check_recipe
from bearhug.formats.xet_shard import FileRecipe
from bearhug.formats.xet_xorb import ByteSink, XorbIndex, decode_range, scan_xorb


class Shelf:
    """Xorbs kept in memory, as a server keeps them on disk."""

    def __init__(self) -> None:
        self.bodies: dict[bytes, bytes] = {}
        self.indexes: dict[bytes, XorbIndex] = {}
        self.opened = 0

    def open(self) -> io.BytesIO:
        self.opened += 1
        return io.BytesIO()

    def seal(self, out: ByteSink, index: XorbIndex) -> None:
        assert isinstance(out, io.BytesIO)
        self.bodies[index.xorb_hash], self.indexes[index.xorb_hash] = out.getvalue(), index

    def find_chunk(self, digest: bytes) -> tuple[bytes, int] | None:
        for xorb_hash, index in self.indexes.items():
            at = index.hashes.find(digest)
            if at >= 0:
                return xorb_hash, at // HASH_LENGTH
        return None

    def pack(self, files: Iterable[Iterable[Buffer]], find: FindChunk | None = None) -> list[FileRecipe]:
        packer = FilePacker(self.open, self.seal, find or (lambda _: None))
        for parts in files:
            packer.add_file(parts)
        return packer.close()

    def read(self, recipe: FileRecipe) -> bytes:
        assert check_recipe(recipe, self.indexes.get) == recipe.size
        rows = recipe.terms.tolist()
        return b"".join(
            chunk
            for xorb, _, _, start, end in rows
            for chunk in decode_range(self.bodies[xorb], self.indexes[xorb], start, end)
        )

    @property
    def stored(self) -> int:
        return sum(map(len, self.bodies.values()))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_known_files_share_xorbs_and_come_back(shelf: Shelf) -> None:
    contents = [data for data, _, _ in FILES.values()]
    recipes = shelf.pack([[data] for data in contents])
    assert [hash_to_text(recipe.file_hash) for recipe in recipes] == [name for _, name, _ in FILES.values()]
    assert [recipe.sha256 for recipe in recipes] == [hashlib.sha256(data).digest() for data in contents]
    assert [shelf.read(recipe) for recipe in recipes] == contents
    assert len(shelf.bodies) == 1
    for xorb_hash, body in shelf.bodies.items():
        assert scan_xorb(body).xorb_hash == xorb_hash


def test_an_empty_file_opens_no_xorb(shelf: Shelf) -> None:
    (recipe,) = shelf.pack([[]])
    assert (shelf.opened, recipe.size, shelf.read(recipe)) == (0, 0, b"")


def test_the_parts_of_a_file_do_not_matter(shelf: Shelf) -> None:
    data = random.Random(5).randbytes(900_000)
    parts = [memoryview(data)[at : at + 77_777] for at in range(0, len(data), 77_777)]
    one, other = shelf.pack([[data], parts])
    assert (one.file_hash, one.terms.tolist()) == (other.file_hash, other.terms.tolist())
    assert shelf.stored < 1_000_000


def test_a_file_longer_than_a_xorb_spans_two(shelf: Shelf) -> None:
    long = random.Random(7).randbytes(66 << 20)
    (recipe,) = shelf.pack([[long]])
    assert len(recipe.terms) == 2
    assert shelf.read(recipe) == long


def test_zeros_are_stored_a_few_times_and_named_in_long_terms(shelf: Shelf) -> None:
    data = bytes(40 << 20)
    (recipe,) = shelf.pack([[data]])
    assert shelf.read(recipe) == data
    assert shelf.stored < 20_000
    assert len(recipe.terms) <= 320 / 8


def test_a_changed_file_stores_only_what_changed(shelf: Shelf) -> None:
    old = random.Random(8).randbytes(6_000_000)
    new = old[:2_000_000] + b"inserted" + old[2_000_000:]
    shelf.pack([[old]])
    before = shelf.stored
    (recipe,) = shelf.pack([[new]], shelf.find_chunk)
    assert shelf.read(recipe) == new
    assert shelf.stored - before < 300_000
    assert len(recipe.terms) == 3


def test_scattered_copies_are_not_used(shelf: Shelf) -> None:
    chance = random.Random(10)
    pieces = [chance.randbytes(131_072) for _ in range(30)]
    shelf.pack([[piece] for piece in pieces])
    mixed = b"".join(chance.sample(pieces, 30))
    (recipe,) = shelf.pack([[mixed]], shelf.find_chunk)
    assert shelf.read(recipe) == mixed
    chunks = int((recipe.terms["end"].astype(int) - recipe.terms["start"]).sum())
    assert chunks >= 4 * len(recipe.terms)


def test_a_packer_starts_anew_after_closing(shelf: Shelf) -> None:
    packer = FilePacker(shelf.open, shelf.seal)
    packer.add_file([b"x" * 5000])
    (first,) = packer.close()
    packer.add_file([b"x" * 5000])
    (second,) = packer.close()
    assert (first.terms.tolist(), shelf.opened) == (second.terms.tolist(), 1)
    assert packer.close() == []


def test_hashes_are_those_of_the_official_client(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, chance = tmp_path_factory.mktemp("files"), random.Random(11)
    contents = [chance.randbytes(chance.randrange(1, 600_000)) for _ in range(12)]
    paths = [folder / str(number) for number in range(12)]
    for path, data in zip(paths, contents, strict=True):
        path.write_bytes(data)
    theirs = [answer.hash for answer in hf_xet.hash_files([str(path) for path in paths])]
    assert [hash_to_text(recipe.file_hash) for recipe in shelf.pack([[data] for data in contents])] == theirs
