"""Merkle hashes, against the official client and a slow reading of the rules."""

import random

import pytest
from blake3 import blake3
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.formats.xet_errors import XetHashError
from bearhug.formats.xet_hashes import ZERO_HASH, chunk_hash, hash_to_text
from bearhug.formats.xet_merkle import file_hash, merkle_root

NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
Node = tuple[bytes, int]


def slow_root(nodes: list[Node]) -> bytes:
    while len(nodes) > 1:
        above: list[Node] = []
        while nodes:
            size = group_size(nodes)
            group, nodes = nodes[:size], nodes[size:]
            lines = "".join(f"{hash_to_text(node)} : {length}\n" for node, length in group)
            digest = blake3(lines.encode(), key=NODE_KEY).digest()
            above.append((digest, sum(length for _, length in group)))
        nodes = above
    return nodes[0][0]


def group_size(nodes: list[Node]) -> int:
    if len(nodes) <= 2:
        return len(nodes)
    for k in range(2, min(9, len(nodes))):
        if int.from_bytes(nodes[k][0][24:], "little") % 4 == 0:
            return k + 1
    return min(9, len(nodes))


def test_twenty_chunks_have_the_root_of_the_official_client() -> None:
    hashes = b"".join(chunk_hash(b"chunk%d" % i) for i in range(20))
    lengths = [100 + i for i in range(20)]
    root = "3e11e8adfbf24ef9603099fc7f252af0f08e12c1e1087197ccc6eb21d886f4d1"
    whole = "7c2056a4c1e49a986c5b84fc5ac91519e8c6c42d793fabd3cc8ca45cf9b46f03"
    assert hash_to_text(merkle_root(hashes, lengths)) == root
    assert hash_to_text(file_hash(hashes, lengths)) == whole


def test_one_chunk_is_its_own_root() -> None:
    assert merkle_root(chunk_hash(b"x"), [1]) == chunk_hash(b"x")


def test_no_chunk_has_the_zero_hash() -> None:
    assert merkle_root(b"", []) == file_hash(b"", []) == ZERO_HASH


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 2**32), st.sampled_from([1, 10, 131072, 2**40]))
def test_any_tree_has_the_root_of_the_slow_reading(count: int, seed: int, longest: int) -> None:
    chance = random.Random(seed)
    nodes = [(chance.randbytes(32), chance.randrange(longest)) for _ in range(count)]
    hashes, lengths = b"".join(node for node, _ in nodes), [length for _, length in nodes]
    assert merkle_root(hashes, lengths) == slow_root(nodes)


def test_a_long_list_has_the_root_of_the_slow_reading() -> None:
    chance = random.Random(1)
    nodes = [(chance.randbytes(32), chance.randrange(131073)) for _ in range(40_000)]
    hashes, lengths = b"".join(node for node, _ in nodes), [length for _, length in nodes]
    assert merkle_root(hashes, lengths) == slow_root(nodes)


def test_lists_that_do_not_fit_are_refused() -> None:
    for hashes, lengths in ((bytes(32), []), (bytes(33), [1]), (bytes(64), [1, -1]), (b"", [1])):
        with pytest.raises(XetHashError):
            merkle_root(hashes, lengths)
