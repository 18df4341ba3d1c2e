"""Known files, xorbs and shards that the official client made, and small builders for the Xet tests."""

import hashlib
import io
from collections.abc import Sequence

from bearhug.formats.xet_hashes import chunk_hash
from bearhug.formats.xet_xorb import XorbIndex, XorbWriter

HELLO = b"hello world"
HELLO_HASH = bytes.fromhex("119f359d8b37394e0213441f7a559081d97ba0cf5f4ea519b151e66f460bf56c")
HELLO_TEXT = "4e39378b9d359f118190557a1f44130219a54e5fcfa07bd96cf50b466fe651b1"
HELLO_FILE = "f15edd43b7e85cfd25e2758ffe13b99fdd09dfa817e8d9f6548722a7a126db7f"
HELLO_RANGE = "22ef2fdcff5cea306e42ad7e15ed8a0c5e789e7d2ec34658c10d2758946847da"
HELLO_KEYED = "01d774a58eab4d28ea31a959ebdd1adbfb6940544b51a316db7acd593dfdd0b4"
HELLO_XORB = bytes.fromhex("000b0000000b000068656c6c6f20776f726c64")
HELLO_SHARD = bytes.fromhex(
    "48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa902000000000000000000000000000000"
    "fd5ce8b743dd5ef19fb913fe8f75e225f6d9e817a8df09dd7fdb26a1a7228754000000c0010000000000000000000000"
    "119f359d8b37394e0213441f7a559081d97ba0cf5f4ea519b151e66f460bf56c000000000b0000000000000001000000"
    "30ea5cffdc2fef220c8aed157ead426e5846c32e7d9e785eda47689458270dc100000000000000000000000000000000"
    "083e4d93b9274db9faab7ddad7522ea5ee80537ae3ef84c4e9cdefe2acf7889000000000000000000000000000000000"
    + ("ff" * 32 + "00" * 16)
    + "119f359d8b37394e0213441f7a559081d97ba0cf5f4ea519b151e66f460bf56c00000000010000000b00000000000000"
    "119f359d8b37394e0213441f7a559081d97ba0cf5f4ea519b151e66f460bf56c000000000b0000000000000000000000"
    + ("ff" * 32 + "00" * 16)
)

LZ4_RAW = b"abcd" * 5000 + b"xyz"
LZ4_TEXT = "d1f33be220807328ba14c5a684c5927ad2b1acb281e669d10c5bac903bcba21b"
LZ4_FILE = "79bd5ccb1ccfa8a24e589e9c491558555eb9808905e02877fe12601d40bf7f4a"
LZ4_XORB = bytes.fromhex(
    "006c000001234e0004224d186040825d0000004f616263640400" + "ff" * 78 + "546062636478797a00000000"
)


def flowing(length: int) -> bytes:
    """Bytes that look random: the SHA-256 of "xet:0", "xet:1" and so on, joined."""
    blocks = (hashlib.sha256(b"xet:%d" % i).digest() for i in range(-(-length // 32)))
    return b"".join(blocks)[:length]


_LONG = flowing(5 * 10**6)
_LONGER = _LONG[:2_500_000] + b"INSERTED" + _LONG[2_500_000:]

FILES = {
    "empty": (b"", "00" * 32, 0),
    "one": (b"a", "49a7fffaf5f34109d4a191757f3e541e26437dcd1e0e83153454a503757856be", 1),
    "hello": (HELLO, HELLO_FILE, 1),
    "zeros 8191": (bytes(8191), "80c25c0cf8afd7a10eabd09184c813addb4328bd727089be2b62a77028848772", 1),
    "zeros 8192": (bytes(8192), "711574865581cce65f5d06a1818a37a1dd4cfe3f65e3f4aaae2b1bacbfc253db", 1),
    "zeros 131072": (bytes(131072), "7a7c18448d7ae35cc61c072281981c565fedb8a079b42c6ef4a0c846bb78c50d", 1),
    "zeros 131073": (bytes(131073), "83f8f48adc7310b5748295b256ca24cdce2aac457679c98526e3a19e0388f58a", 2),
    "zeros 1000000": (bytes(10**6), "c0c85185f4307d40facfd366573176e54fc9c76041e44e32d52489780a6d1eaa", 8),
    "const 59": (b"\x3b" * 10**6, "53f845640fcd1c7440befff65bd93434c83a30c6559a705597d61f2ef64e2f88", 8),
    "sha 1000": (flowing(1000), "c1e146f22812a88811a7ab07aadccec1265f12504f59343625417fb9b06644a0", 1),
    "sha 8192": (flowing(8192), "4d483b493f685498b25e0fef852111e0ff561cc89ca672893562705aa99acfc3", 1),
    "sha 65536": (flowing(65536), "8869d09b9062bf47567099f2c421b249f765292740bc8255875caa3167879a5f", 2),
    "sha 131072": (flowing(131072), "893ca676fd7edf069242795efff5dd30ab77f7c13b70aa33728abbc5144721dd", 2),
    "sha 200000": (flowing(200000), "2d863151872bf93c82bfeb9eef4ce5ccae99cf7f802aa92095f5551a33fed66d", 4),
    "sha 1000000": (flowing(10**6), "7924c214946c195a0c31a75c42bf85b0bc9be9e0dc239dc2b9d078cb732af452", 15),
    "sha 5000000": (_LONG, "116dbdbdae19afe405db60f29db240b8b12adfbd762bee4928453d8b05099902", 79),
    "inserted": (_LONGER, "9b08931d8e2a3895290492bf9c9c40db8c0c3ea7735211e02b5d928e0028e69c", 79),
}


def make_xorb(chunks: Sequence[bytes]) -> tuple[bytes, XorbIndex]:
    """The body of a xorb of these chunks, and its index."""
    out = io.BytesIO()
    writer = XorbWriter(out)
    for chunk in chunks:
        writer.add(chunk, chunk_hash(chunk))
    return out.getvalue(), writer.index()
