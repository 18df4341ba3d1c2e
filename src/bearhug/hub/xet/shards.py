"""Whether a shard that a client sent is true: nothing in it is believed."""

from collections.abc import Callable

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.formats.xet_errors import XetFormatError
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.formats.xet_recipes import MAX_FILE_CHUNKS, check_recipe
from bearhug.formats.xet_shard import FileRecipe, Shard, ShardLimits, XorbChunks, read_shard
from bearhug.formats.xet_xorb import XorbIndex

LIMITS = ShardLimits()

FindXorb = Callable[[bytes], XorbIndex | None]
Tell = Callable[[int, int], None]
"""`tell(verified, total)`: how far the check has come."""


def parse(data: bytes) -> Shard:
    """The shard, every length in it checked; BadRequest with the reason otherwise."""
    try:
        return read_shard(data, LIMITS)
    except XetFormatError as error:
        raise BadRequest(f"This is no shard: {error}") from error


def check(shard: Shard, find_xorb: FindXorb, tell: Tell) -> None:
    """BadRequest unless every file is made of chunks that its sender has, and every xorb is as it was sent."""
    budget = MAX_FILE_CHUNKS
    try:
        for number, file in enumerate(shard.files):
            tell(number, len(shard.files))
            check_recipe(file, find_xorb, budget)
            budget -= _chunks(file)
    except XetFormatError as error:
        raise BadRequest(f"A file of this shard is not true: {error}") from error
    for xorb in shard.xorbs:
        _check_xorb(xorb, find_xorb)
    for file in shard.files:
        if file.sha256 is None:
            raise Unprocessable("A file of this shard has no sha256, by which a commit could name it.")
    tell(len(shard.files), len(shard.files))


def _chunks(file: FileRecipe) -> int:
    return int((file.terms["end"].astype("i8") - file.terms["start"]).sum())


def _check_xorb(claimed: XorbChunks, find_xorb: FindXorb) -> None:
    """What a shard says of a xorb must be what the hub found in it."""
    index = find_xorb(claimed.xorb_hash)
    name = hash_to_text(claimed.xorb_hash)
    if index is None:
        raise BadRequest(f"This shard tells of xorb {name}, which was not sent.")
    same = len(claimed.chunks) == index.count and claimed.chunks["chunk_hash"].tobytes() == index.hashes
    if not same or (claimed.chunks["raw_length"] != index.lengths).any():
        raise BadRequest(f"This shard tells untrue things of xorb {name}.")
