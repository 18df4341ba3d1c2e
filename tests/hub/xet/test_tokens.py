"""Tokens of the chunk store: who gets one, what it opens, how long."""

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY
from tests.xetbox import Door, XetClient, noise

from bearhug.cli import main
from bearhug.hub.access.records import TokenKind
from bearhug.hub.repos.records import RepoName
from bearhug.hub.xet import service, tokens
from bearhug.hub.xet.records import Scope, Ticket

HASH = "0" * 64


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("scope", ["read", "write"])
def test_a_token_is_told_in_headers_and_as_json(xet: XetClient, kind: str, scope: str) -> None:
    xet.create(ADA, "t", kind=kind)
    answer = xet.ask_token(ADA, "ada/t", scope, kinds=f"{kind}s")
    told = answer.json()
    assert told["casUrl"] == answer.headers["x-xet-cas-url"] == "http://hub.test/xet/ada/e1"
    assert told["accessToken"] == answer.headers["x-xet-access-token"]
    assert str(told["exp"]) == answer.headers["x-xet-token-expiration"]
    assert 3500 < told["exp"] - time.time() <= 3600
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("rev", ["main", "0" * 40, "refs%2Fpr%2F1", "refs/pr/1", "None?create_pr=1"])
def test_any_way_to_write_a_revision_is_understood(xet: XetClient, rev: str) -> None:
    assert xet.ask_token(ADA, "ada/m", rev=rev).status_code == 200


def test_writers_write_and_strangers_read(xet: XetClient) -> None:
    xet.create(ADA, "ours", owner=LAB, private=True)
    assert xet.ask_token(BOB, "lab/ours").status_code == 200
    assert xet.ask_token(EVE, "lab/ours").status_code == 404
    assert xet.ask_token(EVE, "lab/ours", "read").status_code == 404
    assert xet.ask_token(NOBODY, "lab/ours", "read").status_code == 401
    assert xet.ask_token(EVE, "ada/m").status_code == 403
    assert xet.ask_token(EVE, "ada/m", "read").status_code == 200
    assert xet.ask_token(NOBODY, "ada/m", "read").status_code == 200
    assert xet.ask_token(NOBODY, "ada/m").status_code in (401, 403)


def test_readers_may_send_chunks_for_a_pull_request_unless_their_token_only_reads(xet: XetClient) -> None:
    assert xet.ask_token(EVE, "ada/m", rev="None?create_pr=1").status_code == 200
    assert xet.ask_token(NOBODY, "ada/m", rev="None?create_pr=1").status_code == 401
    headers = {"authorization": f"Bearer {xet.box.token(EVE, TokenKind.READ)}"}
    address = "/api/models/ada/m/xet-write-token/None?create_pr=1"
    assert xet.box.get(NOBODY, address, headers=headers).status_code == 403


def test_a_token_to_read_does_not_write(xet: XetClient) -> None:
    door = xet.door(ADA, "ada/m", "read")
    assert door.get(f"/v1/reconstructions/{HASH}").status_code == 404
    assert door.get(f"/v1/chunks/default/{HASH}").status_code == 403
    assert door.post(f"/v1/xorbs/default/{HASH}", content=b"x").status_code == 403
    assert door.post("/v1/shards", content=b"x").status_code == 403
    assert door.post("/v2/shards", content=b"x").status_code == 403
    assert door.post(f"/v1/xorb-grants/default/{HASH}", json={"length": 1}).status_code == 403


def test_whoever_writes_also_reads(xet: XetClient) -> None:
    packed = xet.add(ADA, "ada/m", {"w.bin": noise(1, 100_000)})
    assert xet.door(ADA, "ada/m").get(f"/v2/reconstructions/{packed.name}").status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "xet1.1.write.1.1.9999999999." + "A" * 43, "hf_abc"])
def test_what_the_hub_did_not_give_out_opens_nothing(xet: XetClient, token: str) -> None:
    door = Door(xet.box, "/xet/ada/e1", token)
    assert door.get(f"/v2/reconstructions/{HASH}").status_code == 401
    assert door.post("/v1/shards", content=b"x").status_code == 401


def test_a_token_cannot_be_turned_into_another(xet: XetClient) -> None:
    number = xet.create(ADA, "other")
    door = xet.door(ADA, "ada/m", "read")
    parts = door.token.split(".")
    for place, value in ((1, str(number)), (2, "write"), (4, "1"), (5, "99999999999")):
        forged = [*parts[:place], value, *parts[place + 1 :]]
        if forged != parts:
            assert Door(xet.box, door.path, ".".join(forged)).get(f"/v2/reconstructions/{HASH}").status_code == 401


def test_a_clock_may_be_some_minutes_behind(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    door = xet.door(ADA, "ada/m", "read")
    moment = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: moment + tokens.LIFETIME + 300)
    assert door.get(f"/v2/reconstructions/{HASH}").status_code == 404
    monkeypatch.setattr(tokens.time, "time", lambda: moment + tokens.LIFETIME + tokens.GRACE + 2)
    assert door.get(f"/v2/reconstructions/{HASH}").status_code == 401


def test_a_token_ends_with_its_repository(xet: XetClient) -> None:
    door = xet.door(ADA, "ada/m")
    xet.box.app.repos.delete(xet.box.actor(ADA), RepoName("model", "ada", "m"))
    assert door.get(f"/v2/reconstructions/{HASH}").status_code == 401


def test_the_address_of_the_store_has_the_epoch_in_it(xet: XetClient) -> None:
    with xet.box.app.db.writing() as tx:
        epoch = xet.box.app.xet.next_epoch(tx)
    assert xet.door(ADA, "ada/m").path == f"/xet/ada/e{epoch}"


def test_no_epoch_comes_twice(xet: XetClient, tmp_path: Path) -> None:
    """Clients remember what they knew of a hub that was wiped, or that an older backup took the place of."""
    xet.box.app.xet.begin_epochs()
    first = xet.door(ADA, "ada/m").path
    xet.box.app.xet.begin_epochs()
    assert xet.door(ADA, "ada/m").path == first
    xet.command("backup", str(tmp_path / "copy"))
    with xet.box.app.db.writing() as tx:
        later = xet.box.app.xet.next_epoch(tx)
    later_on = time.time() + 3600
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service.time, "time", lambda: later_on)
        done = CliRunner().invoke(main, ["restore", str(tmp_path / "copy"), "--data", str(tmp_path / "new" / "data")])
    assert done.exit_code == 0, done.output
    restored = XetClient(HubBox(tmp_path / "new"))
    restored.box.enter()
    assert int(restored.door(ADA, "ada/m").path.rpartition("/e")[2]) > later
    restored.box.close()


def test_tokens_say_whether_their_bearer_is_at_home(xet: XetClient) -> None:
    xet.create(ADA, "ours", owner=LAB)
    secret = xet.box.app.xet.tokens
    for person, insider in ((ADA, True), (BOB, True), (EVE, False)):
        assert secret.check(xet.door(person, "lab/ours", "read").token).insider is insider


def test_a_ticket_comes_back_as_it_was(xet: XetClient) -> None:
    ticket = Ticket(7, Scope.WRITE, 3, insider=True, until=int(time.time()) + 5)
    assert xet.box.app.xet.tokens.check(xet.box.app.xet.tokens.give(ticket)) == ticket
