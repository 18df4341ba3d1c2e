"""Shards on their way in: true ones make files, forged ones leave nothing."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import numpy as np
import pytest
from tests.hub.xet.test_sending import RAW, named
from tests.people import ADA, EVE
from tests.xetbox import Door, Packed, XetClient, noise, pack, recipe

from bearhug.formats.xet_hashes import hash_to_text, range_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_shard import TERM, FileRecipe
from bearhug.formats.xet_shard_writer import write_shard, xorb_chunks
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb
from bearhug.hub.xet import stream

BODY = noise(1, 500_000)
INDEX = scan_xorb(RAW)
DIGEST = hashlib.sha256(noise(1, 20_000) + noise(2, 9_000)).digest()


@pytest.fixture
def door(xet: XetClient) -> Door:
    """ada's client has sent a xorb of two chunks."""
    found = xet.door(ADA, "ada/m")
    assert found.post(f"/v1/xorbs/default/{named(RAW)}", content=RAW).status_code == 200
    return found


def written(*files: FileRecipe) -> bytes:
    return b"".join(write_shard(files, []))


def journal(xet: XetClient) -> list[str]:
    return list(xet.box.app.recipes.journal.walk())


def known(xet: XetClient, file: str) -> bool:
    with xet.box.app.db.reading() as tx:
        return xet.box.app.recipes.get(tx, file) is not None


WHOLE = recipe(INDEX, [(0, 2)], DIGEST)


@pytest.mark.parametrize("path", ["/v1/shards", "/shards", f"/shard/default/{'0' * 64}"])
def test_a_true_shard_makes_files(xet: XetClient, door: Door, path: str) -> None:
    answer = door.post(path, content=written(WHOLE))
    assert answer.json() == {"result": 1}
    assert known(xet, hash_to_text(WHOLE.file_hash))
    assert len(journal(xet)) == 1


def test_the_same_shard_may_come_again(xet: XetClient, door: Door) -> None:
    for _ in range(3):
        assert door.post("/v1/shards", content=written(WHOLE)).status_code == 200
    assert len(journal(xet)) == 1


def test_parts_of_a_xorb_make_files_in_any_order(xet: XetClient, door: Door) -> None:
    turned = noise(2, 9_000) + noise(1, 20_000) + noise(2, 9_000)
    file = recipe(INDEX, [(1, 2), (0, 2)], hashlib.sha256(turned).digest())
    assert door.post("/v1/shards", content=written(file)).status_code == 200
    assert xet.fetch(ADA, "ada/m", hash_to_text(file.file_hash)) == turned


def test_a_shard_may_tell_of_its_xorbs(xet: XetClient, door: Door) -> None:
    told = b"".join(write_shard([WHOLE], [xorb_chunks(INDEX)]))
    assert door.post("/v1/shards", content=told).status_code == 200


# forgeries ---------------------------------------------------------------------------------------------------


def changed(**fields: object) -> FileRecipe:
    """The true recipe with other values in its first term."""
    terms = WHOLE.terms.copy()
    for name, value in fields.items():
        terms[name][0] = value
    return replace(WHOLE, terms=terms)


def forgeries() -> Iterator[tuple[str, bytes]]:
    strange = XorbIndex(bytes(32), INDEX.hashes, INDEX.offsets, INDEX.lengths)
    one = INDEX.hashes[:32]
    yield "not a shard", b"nonsense" * 20
    yield "cut short", written(WHOLE)[:-60]
    yield "chunks beyond the end", written(changed(end=3))
    yield "chunks of another place", written(changed(start=1))
    yield "chunks backwards", written(changed(start=2, end=1))
    yield "another length", written(changed(raw_length=29_001))
    yield "a xorb that nobody sent", written(recipe(strange, [(0, 2)], DIGEST))
    yield "another range hash", written(replace(WHOLE, range_hashes=bytes(32)))
    yield "the range hash of a part", written(replace(WHOLE, range_hashes=range_hash(one)))
    yield "no range hash", written(replace(WHOLE, range_hashes=b""))
    yield "another file hash", written(replace(WHOLE, file_hash=bytes(32)))
    yield "the hash of a part", written(replace(WHOLE, file_hash=file_hash(one, [20_000])))
    yield "no terms", written(FileRecipe(WHOLE.file_hash, np.empty(0, TERM), b"", DIGEST))
    lying = xorb_chunks(INDEX)
    lying.chunks["raw_length"][0] = 1
    yield "untrue lengths of a xorb", b"".join(write_shard([WHOLE], [lying]))
    swapped = replace(xorb_chunks(INDEX), chunks=xorb_chunks(INDEX).chunks[::-1].copy())
    yield "untrue chunks of a xorb", b"".join(write_shard([WHOLE], [swapped]))
    yield "a xorb told of that was not sent", b"".join(write_shard([], [xorb_chunks(strange)]))


@pytest.mark.parametrize(("what", "forged"), list(forgeries()), ids=[what for what, _ in forgeries()])
@pytest.mark.parametrize("path", ["/v1/shards", "/v2/shards"])
def test_a_forged_shard_is_refused_and_leaves_nothing(
    xet: XetClient, door: Door, path: str, what: str, forged: bytes
) -> None:
    answer = door.post(path, content=forged)
    assert answer.status_code == 400, what
    assert journal(xet) == []
    assert not known(xet, hash_to_text(WHOLE.file_hash))


def test_a_file_needs_a_sha256_by_which_it_can_be_committed(door: Door) -> None:
    answer = door.post("/v1/shards", content=written(replace(WHOLE, sha256=None)))
    assert answer.status_code == 422


def test_one_untrue_file_spoils_the_shard(xet: XetClient, door: Door) -> None:
    good = recipe(INDEX, [(0, 1)], hashlib.sha256(noise(1, 20_000)).digest())
    assert door.post("/v1/shards", content=written(good, changed(end=3))).status_code == 400
    assert journal(xet) == []


def test_xorbs_of_strangers_cannot_be_named(xet: XetClient, door: Door) -> None:
    """Whoever guesses a small file must not learn that somebody has it."""
    xet.create(EVE, "hers")
    stranger = xet.door(EVE, "eve/hers")
    mine, unknown = stranger.post("/v1/shards", content=written(WHOLE)), noise(9, 10)
    nobody = recipe(XorbIndex(sha_raw(unknown), INDEX.hashes, INDEX.offsets, INDEX.lengths), [(0, 2)], DIGEST)
    assert mine.status_code == 400
    other = stranger.post("/v1/shards", content=written(nobody))
    assert mine.json()["error"].split("xorb")[0] == other.json()["error"].split("xorb")[0]
    stranger.post(f"/v1/xorbs/default/{named(RAW)}", content=RAW)
    assert stranger.post("/v1/shards", content=written(WHOLE)).status_code == 200


def sha_raw(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def test_a_hundred_thousand_terms_are_checked_in_bearable_time(xet: XetClient, door: Door) -> None:
    count = 100_000
    terms = np.zeros(count, TERM)
    terms["xorb_hash"] = np.frombuffer(INDEX.xorb_hash, "V32")
    terms["raw_length"], terms["end"] = INDEX.lengths[0], 1
    proof = range_hash(INDEX.hashes[:32])
    many = FileRecipe(file_hash(INDEX.hashes[:32] * count, [20_000] * count), terms, proof * count, bytes(32))
    started = time.process_time()
    assert door.post("/v1/shards", content=written(many)).status_code == 200
    assert time.process_time() - started < 30


def test_few_terms_cannot_cost_millions_of_chunks(door: Door) -> None:
    chunks = b"".join(bytes((0, 1, 0, 0, 0, 1, 0, 0, number % 251)) for number in range(8192))
    index = scan_xorb(chunks)
    door.post(f"/v1/xorbs/default/{hash_to_text(index.xorb_hash)}", content=chunks)
    rows = np.zeros(600, TERM)
    rows["xorb_hash"], rows["raw_length"], rows["end"] = np.frombuffer(index.xorb_hash, "V32"), 8192, 8192
    bomb = FileRecipe(bytes(32), rows, range_hash(index.hashes) * 600, bytes(32))
    answer = door.post("/v1/shards", content=written(bomb))
    assert answer.status_code == 400
    assert "more than" in answer.json()["error"]


def test_a_quota_holds_for_chunks_too(xet: XetClient, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xet.box.app.lfs, "_quota", 20_000)
    assert door.post("/v1/shards", content=written(WHOLE)).status_code == 413
    assert not known(xet, hash_to_text(WHOLE.file_hash))


# progress ----------------------------------------------------------------------------------------------------


def lines(answer: httpx.Response) -> list[dict[str, object]]:
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_second_way_ends_with_a_result(door: Door) -> None:
    answer = door.post("/v2/shards", content=written(WHOLE))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert lines(answer)[-1] == {"type": "result"}


def slow(packed: Packed, xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A hub that finds nothing out soon."""
    monkeypatch.setattr(stream, "SOON", 0.0)
    door = xet.door(ADA, "ada/m")
    for name, body in packed.bodies.items():
        door.post(f"/v1/xorbs/default/{name}", content=body)
    return door


def test_a_long_check_tells_how_far_it_is(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(BODY)
    told = lines(slow(packed, xet, monkeypatch).post("/v2/shards", content=packed.shard))
    assert told[0]["type"] == "validating"
    assert told[-1] == {"type": "result"}


def test_an_error_after_a_long_check_is_the_last_line(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(BODY)
    packed.files[0] = replace(packed.files[0], file_hash=bytes(32))
    answer = slow(packed, xet, monkeypatch).post("/v2/shards", content=packed.shard)
    assert answer.status_code == 200
    last = lines(answer)[-1]
    assert (last["type"], last["retryable"]) == ("error", False)
    assert "do not make the file" in str(last["message"])


def test_the_body_of_a_shard_is_not_left_behind(xet: XetClient, door: Door) -> None:
    door.post("/v2/shards", content=written(WHOLE))
    door.post("/v2/shards", content=b"nonsense" * 20)
    assert list(xet.box.config.shards.rglob("*.part")) == []
