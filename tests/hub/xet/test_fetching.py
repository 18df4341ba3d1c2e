"""Files on their way out: reconstructions, signed parts of xorbs, and the same files for everybody else."""

import email
import time
from typing import Any

import pytest
from tests.people import ADA, EVE, NOBODY
from tests.xetbox import Door, XetClient, noise, pack, put_together, recipe, sha, xorb_of

from bearhug.formats.xet_hashes import ZERO_HASH, hash_to_text
from bearhug.formats.xet_shard_writer import write_shard
from bearhug.formats.xet_xorb import scan_xorb
from bearhug.hub.xet import tokens, wire

BODY = noise(1, 700_000)


@pytest.fixture
def file(xet: XetClient) -> str:
    """A committed file of a dozen chunks; its Xet hash."""
    return xet.add(ADA, "ada/m", {"w.bin": BODY}).name


@pytest.fixture
def door(xet: XetClient) -> Door:
    return xet.door(NOBODY, "ada/m", "read")


def local(url: str) -> str:
    return url.removeprefix("http://hub.test")


def test_a_file_comes_back_whole(xet: XetClient, file: str) -> None:
    assert xet.fetch(NOBODY, "ada/m", file) == BODY


@pytest.mark.parametrize(
    "span", ["0-0", "0-699999", "100-200", "65536-131072", "699999-699999", "350000-9999999", "5-"]
)
def test_a_range_of_a_file_comes_back(xet: XetClient, file: str, span: str) -> None:
    start, _, end = span.partition("-")
    wanted = BODY[int(start) : int(end) + 1 if end else None]
    assert xet.fetch(NOBODY, "ada/m", file, span)[: len(wanted)] == wanted


def test_a_range_names_no_chunk_beyond_it(xet: XetClient, door: Door, file: str) -> None:
    told = door.get(f"/v2/reconstructions/{file}", headers={"range": "bytes=300000-300009"}).json()
    [term] = told["terms"]
    assert term["range"]["end"] - term["range"]["start"] == 1
    assert told["offset_into_first_range"] < term["unpacked_length"] <= 131072


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("start", [700_000, 700_001, 10**12])
def test_behind_the_end_is_416_so_that_clients_stop(door: Door, file: str, version: str, start: int) -> None:
    answer = door.get(f"/{version}/reconstructions/{file}", headers={"range": f"bytes={start}-{start + 10}"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */700000"


@pytest.mark.parametrize("path", ["v1/reconstructions", "reconstructions", "reconstruction"])
def test_the_first_way_tells_the_same(xet: XetClient, door: Door, file: str, path: str) -> None:
    told = door.get(f"/{path}/{file}").json()
    newer = door.get(f"/v2/reconstructions/{file}").json()
    assert told["terms"] == newer["terms"]
    fetched = {
        xorb: [
            {"url": part["url"], "ranges": [{"chunks": part["range"], "bytes": part["url_range"]}]} for part in parts
        ]
        for xorb, parts in told["fetch_info"].items()
    }
    assert put_together(xet.box, {**told, "xorbs": fetched}) == BODY


def test_a_file_without_bytes_has_no_terms(xet: XetClient) -> None:
    packed = pack(b"")
    door = xet.door(ADA, "ada/m")
    assert packed.files[0].file_hash == ZERO_HASH
    assert door.post("/v1/shards", content=packed.shard).status_code == 200
    told = door.get(f"/v2/reconstructions/{packed.name}", headers={"range": "bytes=0-10"})
    assert told.status_code == 200
    assert (told.json()["terms"], told.json()["xorbs"]) == ([], {})


def test_only_files_of_the_repository_are_told(xet: XetClient, file: str) -> None:
    xet.create(EVE, "hers", private=True)
    stranger = xet.door(EVE, "eve/hers", "read")
    assert stranger.get(f"/v2/reconstructions/{file}").status_code == 404
    assert stranger.get(f"/v2/reconstructions/{'0' * 64}").status_code == 404
    secret = xet.add(EVE, "eve/hers", {"s.bin": noise(2, 50_000)}).name
    assert xet.door(ADA, "ada/m").get(f"/v2/reconstructions/{secret}").status_code == 404


@pytest.mark.parametrize(
    "span", ["bytes=5-1", "bytes=a-b", "lines=0-1", "bytes=0-1,5-6", "bytes=-5", "bytes=" + "9" * 40]
)
def test_a_range_that_is_none_is_refused(door: Door, file: str, span: str) -> None:
    assert door.get(f"/v2/reconstructions/{file}", headers={"range": span}).status_code == 400


# scattered files ---------------------------------------------------------------------------------------------


def scattered(xet: XetClient, count: int) -> tuple[str, bytes]:
    """A file made of every second chunk of one xorb."""
    chunks = [noise(number, 8192) for number in range(2 * count)]
    body = xorb_of(chunks)
    index = scan_xorb(body)
    content = b"".join(chunks[::2])
    made = recipe(index, [(at, at + 1) for at in range(0, 2 * count, 2)], bytes.fromhex(sha(content)))
    door = xet.door(ADA, "ada/m")
    door.post(f"/v1/xorbs/default/{hash_to_text(index.xorb_hash)}", content=body)
    assert door.post("/v1/shards", content=b"".join(write_shard([made], []))).status_code == 200
    return hash_to_text(made.file_hash), content


def test_a_scattered_file_comes_back_range_by_range(xet: XetClient) -> None:
    file, content = scattered(xet, 40)
    assert xet.fetch(ADA, "ada/m", file) == content


def test_many_ranges_are_spread_over_addresses_that_are_not_too_long(
    xet: XetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "RANGES_IN_ADDRESS", 16)
    file, content = scattered(xet, 40)
    told = xet.door(ADA, "ada/m").get(f"/v2/reconstructions/{file}").json()
    [entries] = told["xorbs"].values()
    assert [len(entry["ranges"]) for entry in entries] == [16, 16, 8]
    assert put_together(xet.box, told) == content


def test_several_ranges_come_in_one_answer(xet: XetClient) -> None:
    file, _ = scattered(xet, 5)
    told = xet.door(ADA, "ada/m").get(f"/v2/reconstructions/{file}").json()
    [[entry]] = told["xorbs"].values()
    spans = [(part["bytes"]["start"], part["bytes"]["end"]) for part in entry["ranges"]]
    header = "bytes=" + ",".join(f"{start}-{end}" for start, end in spans)
    got = xet.box.get(NOBODY, local(entry["url"]), headers={"range": header})
    assert got.status_code == 206
    assert int(got.headers["content-length"]) == len(got.content)
    message = email.message_from_bytes(
        f"content-type: {got.headers['content-type']}\r\n\r\n".encode() + got.content.lstrip(b"\r\n")
    )
    parts: list[Any] = message.get_payload()
    [path] = [path for path in xet.box.config.xorbs.rglob("*") if len(path.name) == 64]
    size = scan_xorb(path.read_bytes()).body_length
    assert [part["content-range"] for part in parts] == [f"bytes {start}-{end}/{size}" for start, end in spans]
    for start, end in spans:
        assert path.read_bytes()[start : end + 1] in got.content


# addresses of parts ------------------------------------------------------------------------------------------


@pytest.fixture
def part(door: Door, file: str) -> dict[str, Any]:
    """What is told of a range in the middle: an address, and the bytes it is good for."""
    told = door.get(f"/v2/reconstructions/{file}", headers={"range": "bytes=300000-400000"}).json()
    [[entry]] = told["xorbs"].values()
    return dict(entry)


def test_an_address_is_good_for_its_bytes_alone(xet: XetClient, part: dict[str, Any]) -> None:
    start, end = part["ranges"][0]["bytes"]["start"], part["ranges"][0]["bytes"]["end"]
    for span, status in (
        (f"{start}-{end}", 206),
        (f"{start + 5}-{end - 5}", 206),
        (f"{start - 1}-{end}", 403),
        (f"{start}-{end + 1}", 403),
        (f"{start}-", 403),
        (f"0-10,{start}-{end}", 403),
    ):
        assert xet.box.get(NOBODY, local(part["url"]), headers={"range": f"bytes={span}"}).status_code == status, span
    assert len(xet.box.get(NOBODY, local(part["url"])).content) == end - start + 1


def test_an_address_cannot_be_made_better(xet: XetClient, part: dict[str, Any], file: str) -> None:
    url = local(part["url"])
    ranges = url.partition("ranges=")[2].partition("&")[0]
    for forged in (
        url.replace(ranges, "0-99999"),
        url.replace("until=", "until=9"),
        url.replace("sig=", "sig=x"),
        url.partition("?")[0],
        url.replace(url.partition("?")[0].rpartition("/")[2], file),
    ):
        assert xet.box.get(NOBODY, forged, headers={"range": "bytes=0-10"}).status_code == 403


def test_an_address_runs_out_and_can_be_asked_for_anew(
    xet: XetClient, part: dict[str, Any], door: Door, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: moment + tokens.DATA_LIFETIME + 2)
    assert xet.box.get(NOBODY, local(part["url"])).status_code == 403
    assert xet.fetch(NOBODY, "ada/m", file) == BODY


def test_a_lost_xorb_is_not_found(xet: XetClient, part: dict[str, Any]) -> None:
    for path in xet.box.config.xorbs.rglob("*"):
        if len(path.name) == 64:
            path.unlink()
    assert xet.box.get(NOBODY, local(part["url"])).status_code == 404


# everybody else ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", [None, "0-9", "65530-65540", "699000-", "-5", "0-699999"])
def test_readers_without_xet_get_the_same_bytes(xet: XetClient, file: str, span: str | None) -> None:
    headers = {"range": f"bytes={span}"} if span else {}
    got = xet.box.get(NOBODY, "/ada/m/resolve/main/w.bin", headers=headers)
    first, _, last = (span or "0-").partition("-")
    wanted = BODY[int(first) : int(last) + 1 if last else None] if first else BODY[-int(last) :]
    assert got.status_code == (206 if span else 200)
    assert got.content == wanted
    assert got.headers["etag"] == f'"{sha(BODY)}"'


def test_a_header_tells_where_the_chunks_are(xet: XetClient, file: str) -> None:
    got = xet.box.head(NOBODY, "/ada/m/resolve/main/w.bin")
    assert got.status_code == 200
    assert got.headers["x-xet-hash"] == file
    assert got.headers["x-linked-size"] == got.headers["content-length"] == "700000"
    token = f"http://hub.test/api/models/ada/m/xet-read-token/{got.headers['x-repo-commit']}"
    info = f"http://hub.test/xet/ada/e1/v1/reconstructions/{file}"
    assert got.headers["link"] == f'<{token}>; rel="xet-auth", <{info}>; rel="xet-reconstruction-info"'
    assert xet.box.get(NOBODY, local(token)).status_code == 200


def test_trees_and_paths_tell_the_hash(xet: XetClient, file: str) -> None:
    tree = xet.box.get(NOBODY, "/api/models/ada/m/tree/main").json()
    paths = xet.box.post(NOBODY, "/api/models/ada/m/paths-info/main", json={"paths": ["w.bin"]}).json()
    for entry in (next(entry for entry in tree if entry["path"] == "w.bin"), paths[0]):
        assert entry["xetHash"] == file
        assert entry["lfs"]["oid"] == sha(BODY)


def test_git_lfs_fetches_what_came_as_chunks(xet: XetClient, file: str) -> None:
    body = {"operation": "download", "objects": [{"oid": sha(BODY), "size": len(BODY)}]}
    batch = xet.box.post(NOBODY, "/ada/m.git/info/lfs/objects/batch", json=body).json()
    href = batch["objects"][0]["actions"]["download"]["href"]
    assert xet.box.get(NOBODY, local(href)).content == BODY
