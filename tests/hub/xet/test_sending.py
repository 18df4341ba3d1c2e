"""Xorbs on their way in: what is kept, what is refused, what is left of neither."""

import errno
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.formats.xet_samples import HELLO_TEXT, HELLO_XORB
from tests.people import ADA, BOB, EVE, LAB, NOBODY
from tests.xetbox import Door, XetClient, noise, pack, xorb_of

from bearhug.formats.xet_footer import write_footer
from bearhug.formats.xet_hashes import hash_from_text, hash_to_text
from bearhug.formats.xet_xorb import MAX_BODY, scan_xorb
from bearhug.hub.xet import tokens


@pytest.fixture
def door(xet: XetClient) -> Door:
    return xet.door(ADA, "ada/m")


def files(xet: XetClient) -> list[Path]:
    """What lies in the folder of xorbs, locks left out."""
    return [path for path in xet.box.config.xorbs.rglob("*") if path.is_file() and "locks" not in path.parts]


def named(body: bytes) -> str:
    return hash_to_text(scan_xorb(body).xorb_hash)


def test_a_xorb_is_kept_once(xet: XetClient, door: Door) -> None:
    assert door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB).json() == {"was_inserted": True}
    assert door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB).json() == {"was_inserted": False}
    [path] = files(xet)
    assert path.name == HELLO_TEXT
    index = scan_xorb(HELLO_XORB)
    assert path.read_bytes() == HELLO_XORB + write_footer(index)


@pytest.mark.parametrize("path", ["v1/xorbs", "xorbs", "xorb"])
def test_clients_of_three_generations_send_it_elsewhere(door: Door, path: str) -> None:
    assert door.post(f"/{path}/default-merkledb/{HELLO_TEXT}", content=HELLO_XORB).status_code == 200


def test_the_footer_of_early_clients_is_left_out(xet: XetClient, door: Door) -> None:
    with_footer = HELLO_XORB + write_footer(scan_xorb(HELLO_XORB))
    assert door.post(f"/xorb/default/{HELLO_TEXT}", content=with_footer + b"whatever").status_code == 200
    assert files(xet)[0].read_bytes() == with_footer


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


RAW = xorb_of([noise(1, 20_000), noise(2, 9_000)])
BOMB = b"\0" + (200).to_bytes(3, "little") + b"\1" + (131072).to_bytes(3, "little") + b"\x04\x22\x4d\x18" + bytes(196)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        RAW[:-1],
        RAW + b"\0",
        flipped(RAW, 5_000),
        flipped(RAW, 0),
        flipped(RAW, 4),
        flipped(RAW, 6),
        BOMB,
        xorb_of([noise(2, 9_000), noise(1, 20_000)]),
    ],
    ids=["empty", "text", "short", "long", "data", "version", "scheme", "length", "bomb", "other chunks"],
)
def test_a_forged_xorb_is_refused_and_leaves_nothing(xet: XetClient, door: Door, body: bytes) -> None:
    answer = door.post(f"/v1/xorbs/default/{named(RAW)}", content=body)
    assert answer.status_code == 400, answer.text
    assert files(xet) == []


def test_a_xorb_has_at_most_8192_chunks(xet: XetClient, door: Door) -> None:
    many = xorb_of(number.to_bytes(4, "big") for number in range(8193))
    answer = door.post(f"/v1/xorbs/default/{'0' * 64}", content=many)
    assert answer.status_code == 400
    assert "8192" in answer.json()["error"]


def test_a_body_beyond_the_limit_is_cut_off(xet: XetClient, door: Door) -> None:
    def endless() -> object:
        for _ in range(MAX_BODY // (1 << 20) + 3):
            yield bytes(1 << 20)

    assert door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=endless()).status_code == 413
    assert files(xet) == []


@pytest.mark.parametrize("name", ["x", "A" * 64, "../../etc/passwd", "0" * 63])
def test_a_name_that_is_no_hash_is_refused(door: Door, name: str) -> None:
    assert door.post(f"/v1/xorbs/default/{name}", content=HELLO_XORB).status_code in (400, 404)


def test_a_damaged_copy_is_replaced_by_sending_it_again(xet: XetClient, door: Door) -> None:
    door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB)
    [path] = files(xet)
    path.write_bytes(b"short")
    assert door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB).json() == {"was_inserted": True}
    assert path.read_bytes().startswith(HELLO_XORB)


# grants ------------------------------------------------------------------------------------------------------


def granted(door: Door, name: str = HELLO_TEXT) -> dict[str, object]:
    checksum = {"algo": "crc64nvme", "value": "11656236085510476597"}
    answer = door.post(f"/v1/xorb-grants/default/{name}", json={"length": len(HELLO_XORB), "checksum": checksum})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def place(grant: dict[str, object]) -> str:
    return str(grant["url"]).removeprefix("http://hub.test")


def test_a_granted_place_takes_the_xorb_without_credentials(xet: XetClient, door: Door) -> None:
    grant = granted(door)
    assert grant["method"] == "PUT"
    assert grant["headers"] == {}
    assert xet.box.put(NOBODY, place(grant), content=HELLO_XORB).status_code == 200
    assert door.post(f"/v1/xorb-commits/default/{HELLO_TEXT}/grant/{grant['id']}").status_code == 200
    again = door.post(f"/v1/xorb-grants/default/{HELLO_TEXT}", json={"length": 19})
    assert again.status_code == 200


def test_a_grant_that_was_never_used_is_not_committed(xet: XetClient, door: Door) -> None:
    grant = granted(door)
    assert door.post(f"/v1/xorb-commits/default/{HELLO_TEXT}/grant/{grant['id']}").status_code == 404
    assert files(xet) == []


def test_a_granted_place_takes_nothing_else(xet: XetClient, door: Door) -> None:
    grant = granted(door)
    assert xet.box.put(NOBODY, place(grant), content=RAW).status_code == 400
    assert xet.box.put(NOBODY, place(grant).replace(HELLO_TEXT, named(RAW)), content=RAW).status_code == 403
    owner = parse_qs(urlsplit(place(grant)).query)["owner"][0]
    elsewhere = place(grant).replace(f"owner={owner}", f"owner={int(owner) + 1}")
    assert xet.box.put(NOBODY, elsewhere, content=HELLO_XORB).status_code == 403
    assert xet.box.put(NOBODY, f"/xet/uploads/{HELLO_TEXT}", content=HELLO_XORB).status_code == 403
    assert files(xet) == []


def test_a_granted_place_closes_after_an_hour(xet: XetClient, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = granted(door)
    moment = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: moment + tokens.GRANT_LIFETIME + 2)
    assert xet.box.put(NOBODY, place(grant), content=HELLO_XORB).status_code == 403


def test_what_a_stranger_has_sent_must_be_sent_all_the_same(xet: XetClient, door: Door) -> None:
    xet.create(EVE, "hers")
    xet.door(EVE, "eve/hers").post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB)
    granted(door)
    assert door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB).json() == {"was_inserted": False}
    assert door.post(f"/v1/xorb-grants/default/{HELLO_TEXT}", json={"length": 19}).status_code == 200


def test_what_one_of_us_has_sent_need_not_be_sent_again(xet: XetClient) -> None:
    for name in ("one", "two"):
        xet.create(ADA, name, owner=LAB)
    xet.door(ADA, "lab/one").post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB)
    answer = xet.door(BOB, "lab/two").post(f"/v1/xorb-grants/default/{HELLO_TEXT}", json={"length": 19})
    assert answer.status_code == 200


def test_a_grant_is_asked_anew_when_the_file_is_lost(xet: XetClient, door: Door) -> None:
    door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB)
    xet.box.app.xorbs.bodies.remove(hash_from_text(HELLO_TEXT))
    granted(door)


# other things ------------------------------------------------------------------------------------------------


def test_telemetry_is_taken_and_thrown_away(xet: XetClient, door: Door) -> None:
    assert xet.box.post(NOBODY, "/v1/telemetry", json={"events": []}).status_code == 200
    assert door.post("/v1/telemetry", json={"events": []}).status_code == 200


NO_ROOM = (413, "The hub has no room left on its disk. Nothing of this request was kept.")


def test_a_full_disk_is_told_in_a_way_that_ends_clients(
    xet: XetClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(name, body)] = (packed := pack(noise(4, 30_000))).bodies.items()
    assert door.post(f"/v1/xorbs/default/{name}", content=body).status_code == 200
    place_of_hello = place(granted(door))
    monkeypatch.setattr(xet.box.app.xorbs.bodies, "_reserve", 1 << 60)
    refused = [
        xet.box.get(ADA, "/api/models/ada/m/xet-write-token/main"),
        door.post(f"/v1/xorb-grants/default/{HELLO_TEXT}", json={"length": len(HELLO_XORB)}),
        door.post(f"/v1/xorbs/default/{HELLO_TEXT}", content=HELLO_XORB),
        xet.box.put(NOBODY, place_of_hello, content=HELLO_XORB),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in refused] == [NO_ROOM] * 4
    assert len(files(xet)) == 1
    assert door.post(f"/v1/xorb-grants/default/{name}", json={"length": len(body)}).status_code == 200
    assert door.post("/v2/shards", content=packed.shard).status_code == 200
    assert xet.box.get(ADA, "/api/models/ada/m/xet-read-token/main").status_code == 200
    assert xet.box.get(EVE, "/api/models/ada/m/xet-write-token/main").status_code in (403, 404)


def test_a_shard_without_room_is_told_in_words(xet: XetClient, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    packed = pack(noise(5, 30_000))
    for name, body in packed.bodies.items():
        door.post(f"/v1/xorbs/default/{name}", content=body)
    monkeypatch.setattr(xet.box.app.recipes.journal, "write", full)
    told = door.post("/v2/shards", content=packed.shard)
    assert (told.status_code, told.json()) == (200, {"type": "error", "message": NO_ROOM[1], "retryable": False})
    assert door.post("/v1/shards", content=packed.shard).status_code == 413


@pytest.mark.parametrize("length", [None, -1, "much", True, 1 << 70])
def test_a_grant_for_any_length_is_no_failure(door: Door, length: object) -> None:
    answer = door.post(f"/v1/xorb-grants/default/{HELLO_TEXT}", json={"length": length})
    assert answer.status_code in (201, 413)


def test_packed_files_go_up_whole(xet: XetClient) -> None:
    packed = pack(noise(3, 300_000), b"tiny")
    door = xet.door(ADA, "ada/m")
    for name, body in packed.bodies.items():
        assert door.post(f"/v1/xorbs/default/{name}", content=body).status_code == 200
    assert sorted(path.name for path in files(xet)) == sorted(packed.bodies)
