"""Shards written: file recipes for a journal, and answers to deduplication queries.

Source: the public Xet protocol specification; `xet_shard` describes the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bearhug.formats.arrays import np
from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import HASH_LENGTH, ZERO_HASH, keyed_hashes, swap_groups
from bearhug.formats.xet_shard import (
    BOOKEND,
    CHUNK,
    FILE_HEADER,
    FOOTER_LENGTH,
    FOOTER_VERSION,
    HAS_RANGE_HASHES,
    HAS_SHA256,
    RECORD_LENGTH,
    SHARD_FOOTER,
    SHARD_HEADER,
    SHARD_TAG,
    SHARD_VERSION,
    TERM,
    XORB_HEADER,
    FileRecipe,
    ShardFooter,
    XorbChunks,
)
from bearhug.formats.xet_xorb import XorbIndex


def xorb_chunks(index: XorbIndex, hmac_key: bytes = ZERO_HASH) -> XorbChunks:
    """The chunk list of a xorb as shards hold it, its chunk hashes under a key unless that is zero."""
    chunks = np.zeros(index.count, CHUNK)
    chunks["chunk_hash"] = np.frombuffer(keyed_hashes(index.hashes, hmac_key), "V32")
    chunks["raw_offset"] = index.raw_offsets[:-1]
    chunks["raw_length"] = index.lengths
    return XorbChunks(index.xorb_hash, chunks, index.raw_length, index.body_length)


def write_shard(files: Iterable[FileRecipe], xorbs: Iterable[XorbChunks]) -> Iterator[bytes]:
    """A shard without footer, as clients upload it, in pieces to be joined or written one by one."""
    yield SHARD_HEADER.pack(SHARD_TAG, SHARD_VERSION, 0)
    yield from map(_file_block, files)
    yield BOOKEND
    yield from map(_xorb_block, xorbs)
    yield BOOKEND


def dedup_shard_length(xorbs: Sequence[XorbIndex]) -> int:
    """How many bytes `dedup_shard` gives for these xorbs, known before the first of them is made."""
    records = sum(1 + index.count for index in xorbs)
    return SHARD_HEADER.size + RECORD_LENGTH * (2 + records) + FOOTER_LENGTH


def dedup_shard(xorbs: Sequence[XorbIndex], about: ShardFooter) -> Iterator[bytes]:
    """The answer to a deduplication query: all chunks of all these xorbs, no files, a footer.

    In pieces, one a xorb. `about`: the key its chunk hashes are put under, when it was made and until
    when it holds. The lookup tables are left empty, which clients accept.
    """
    xorb_at = SHARD_HEADER.size + RECORD_LENGTH
    footer_at = dedup_shard_length(xorbs) - FOOTER_LENGTH
    stored, on_disk = sum(index.raw_length for index in xorbs), sum(index.body_length for index in xorbs)
    lookups = (footer_at, 0) * 3
    yield SHARD_HEADER.pack(SHARD_TAG, SHARD_VERSION, FOOTER_LENGTH) + BOOKEND
    for index in xorbs:
        yield _xorb_block(xorb_chunks(index, about.hmac_key))
    yield BOOKEND
    yield SHARD_FOOTER.pack(FOOTER_VERSION, SHARD_HEADER.size, xorb_at, *lookups, *about, on_disk, 0, stored, footer_at)


def _file_block(recipe: FileRecipe) -> bytes:
    flags = (HAS_RANGE_HASHES if recipe.range_hashes else 0) | (HAS_SHA256 if recipe.sha256 else 0)
    parts = [
        FILE_HEADER.pack(recipe.file_hash, flags, len(recipe.terms)),
        np.ascontiguousarray(recipe.terms).tobytes(),
    ]
    if recipe.range_hashes:
        if len(recipe.range_hashes) != len(recipe.terms) * HASH_LENGTH:
            raise ShardFormatError("a file has as many range hashes as terms")
        proofs = np.zeros(len(recipe.terms), TERM)
        proofs["xorb_hash"] = np.frombuffer(recipe.range_hashes, "V32")
        parts.append(proofs.tobytes())
    if recipe.sha256:
        parts.append(swap_groups(recipe.sha256) + bytes(RECORD_LENGTH - HASH_LENGTH))
    return b"".join(parts)


def _xorb_block(xorb: XorbChunks) -> bytes:
    header = XORB_HEADER.pack(xorb.xorb_hash, 0, len(xorb.chunks), xorb.raw_length, xorb.disk_length)
    return header + xorb.chunks.tobytes()
