"""What clients are told of chunks that need not be sent: enough for a fresh machine, nothing of what is not theirs."""

from collections.abc import Iterable

import pytest
from tests.people import ADA, BOB, EVE, LAB
from tests.xetbox import Door, XetClient, noise, pack, recipe, sha, xorb_of

from bearhug.formats.xet_hashes import HASH_LENGTH, chunk_hash, hash_to_text, keyed_hashes
from bearhug.formats.xet_shard import Shard, read_shard
from bearhug.formats.xet_shard_writer import write_shard
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.xet import knowledge, sessions

ASKED = hash_to_text(chunk_hash(b"a chunk that nobody has"))
BODY = noise(1, 600_000)


def asked(door: Door, chunk: str = ASKED, *, session: str = "s", path: str = "v1/chunks") -> Shard | None:
    answer = door.get(f"/{path}/default/{chunk}", session=session)
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    return read_shard(answer.content)


def told(shard: Shard | None) -> set[bytes]:
    """The chunk hashes that an answer names."""
    assert shard is not None
    return {digest for xorb in shard.xorbs for digest in xorb.chunks["chunk_hash"].tolist()} - {bytes(32)}


def hashes(indexes: Iterable[XorbIndex]) -> set[bytes]:
    found = set()
    for index in indexes:
        flat = index.hashes
        found |= {flat[at : at + HASH_LENGTH] for at in range(0, len(flat), HASH_LENGTH)}
    return found


def reach(xet: XetClient, how: str) -> None:
    xet.box.app.settings.change("dedup_reach", how)


def test_the_first_question_of_a_session_is_answered_with_all_of_the_repository(xet: XetClient) -> None:
    packed = xet.add(ADA, "ada/m", {"a.bin": BODY, "b.bin": noise(2, 90_000)})
    shard = asked(xet.door(ADA, "ada/m"))
    assert told(shard) == hashes(packed.indexes.values())
    assert shard is not None
    assert shard.footer is not None
    assert shard.footer.hmac_key == bytes(32)


@pytest.mark.parametrize("path", ["v1/chunks", "chunks", "chunk"])
def test_clients_of_three_generations_ask_elsewhere(xet: XetClient, path: str) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    assert told(asked(xet.door(ADA, "ada/m"), path=path))


def test_a_session_is_told_all_once(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    door = xet.door(ADA, "ada/m")
    assert asked(door) is not None
    assert asked(door) is None
    assert asked(door, session="another") is not None


def test_whoever_asks_again_has_not_heard_and_is_told_again(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client asks for many files at the same time; the answer to one may come too late for another."""
    [index] = xet.add(ADA, "ada/m", {"a.bin": BODY}).indexes.values()
    door, first = xet.door(ADA, "ada/m"), marked(index)
    assert told(asked(door)) == hashes([index])
    assert told(asked(door, first)) == hashes([index])
    monkeypatch.setattr(knowledge, "MOST_CHUNKS", index.count * 2)
    assert told(asked(door, first)) == hashes([index])
    assert told(asked(door, first)) == hashes([index])
    assert asked(door, first) is None


def test_a_session_that_goes_on_in_another_repository_is_told_of_that(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    xet.create(ADA, "other")
    other = xet.add(ADA, "ada/other", {"b.bin": noise(2, 90_000)})
    assert asked(xet.door(ADA, "ada/m")) is not None
    assert told(asked(xet.door(ADA, "ada/other"))) == hashes(other.indexes.values())


def test_others_wait_until_the_first_answer_has_arrived() -> None:
    known = sessions.Sessions()
    session, first = known.enter(1, "s")
    assert first
    assert known.enter(1, "s") == (session, False)
    assert session.pause > sessions.LONGEST - 1
    session.delivered(5_000_000)
    assert 0.15 < session.pause < 0.25
    session.hold(0)
    assert session.pause == 0


def test_an_empty_repository_has_nothing_to_tell(xet: XetClient) -> None:
    assert asked(xet.door(ADA, "ada/m")) is None


def test_what_is_not_committed_is_not_told(xet: XetClient) -> None:
    xet.send(ADA, "ada/m", BODY)
    assert asked(xet.door(ADA, "ada/m")) is None


def test_the_newest_files_come_first_when_there_is_not_room_for_all(
    xet: XetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    xet.add(ADA, "ada/m", {"old.bin": BODY})
    newest = xet.add(ADA, "ada/m", {"new.bin": noise(2, 600_000)})
    room = sum(index.count for index in newest.indexes.values())
    monkeypatch.setattr(knowledge, "MOST_CHUNKS", room)
    door = xet.door(ADA, "ada/m")
    assert told(asked(door)) == hashes(newest.indexes.values())


def test_what_did_not_fit_is_told_when_a_mark_of_it_is_asked_for(
    xet: XetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = xet.add(ADA, "ada/m", {"old.bin": BODY})
    newest = xet.add(ADA, "ada/m", {"new.bin": noise(2, 600_000)})
    monkeypatch.setattr(knowledge, "MOST_CHUNKS", sum(index.count for index in newest.indexes.values()))
    door = xet.door(ADA, "ada/m")
    asked(door)
    monkeypatch.undo()
    [index] = old.indexes.values()
    assert told(asked(door, hash_to_text(index.hashes[:HASH_LENGTH]))) == hashes([index])


def test_other_repositories_are_not_told_of(xet: XetClient) -> None:
    packed = xet.add(ADA, "ada/m", {"a.bin": BODY})
    first = hash_to_text(next(iter(packed.indexes.values())).hashes[:HASH_LENGTH])
    xet.create(ADA, "other")
    xet.create(EVE, "hers")
    assert asked(xet.door(ADA, "ada/other"), first) is None
    assert asked(xet.door(EVE, "eve/hers"), first) is None


def test_chunks_that_no_file_of_the_repository_has_stay_unnamed(xet: XetClient) -> None:
    """A xorb may hold chunks of a file that was never committed, or of one that was deleted for good."""
    secret, shown = noise(5, 20_000), noise(6, 20_000)
    body = xorb_of([secret, shown])
    index = scan_xorb(body)
    door = xet.door(ADA, "ada/m")
    door.post(f"/v1/xorbs/default/{hash_to_text(index.xorb_hash)}", content=body)
    file = recipe(index, [(1, 2)], bytes.fromhex(sha(shown)))
    door.post("/v1/shards", content=b"".join(write_shard([file], [])))
    xet.commit(ADA, "ada/m", {"shown.bin": shown})
    shard = asked(door)
    assert told(shard) == {chunk_hash(shown)}
    assert shard is not None
    assert shard.xorbs[0].chunks["chunk_hash"].tolist()[1] == chunk_hash(shown)


def test_whatever_is_told_may_be_used(xet: XetClient) -> None:
    """eve's copy of ada's file consists of xorbs that came into ada's namespace."""
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    xet.grind()
    number = xet.create(EVE, "copy")
    with xet.box.app.db.writing() as tx:
        xet.box.app.lfs.copy(tx, xet.repo_id(ADA, "ada/m"), number)
    door = xet.door(EVE, "eve/copy")
    shard = asked(door)
    assert shard is not None
    index = xet.box.app.xorbs.need(shard.xorbs[0].xorb_hash)
    part = b"".join(xet.box.app.recipes.blocks(_recipe(xet, shard), 0, int(index.raw_offsets[3])))
    file = recipe(index, [(0, 3)], bytes.fromhex(sha(part)))
    assert door.post("/v1/shards", content=b"".join(write_shard([file], []))).status_code == 200


def _recipe(xet: XetClient, shard: Shard) -> Recipe:
    with xet.box.app.db.reading() as tx:
        [xorb_id] = xet.box.app.xorbs.ids_of(tx, [shard.xorbs[0].xorb_hash]).values()
        return xet.box.app.recipes.with_xorb(tx, xorb_id, limit=1)[0]


# how far it reaches ------------------------------------------------------------------------------------------


def marked(index: XorbIndex) -> str:
    return hash_to_text(index.hashes[:HASH_LENGTH])


def test_a_namespace_may_share_what_it_knows(xet: XetClient) -> None:
    for name in ("one", "two"):
        xet.create(ADA, name, owner=LAB, private=True)
    [index] = xet.add(ADA, "lab/one", {"a.bin": BODY}).indexes.values()
    assert asked(xet.door(BOB, "lab/two"), marked(index)) is None
    reach(xet, "namespace")
    shard = asked(xet.door(BOB, "lab/two"), marked(index), session="t")
    assert shard is not None
    assert shard.footer is not None
    key = shard.footer.hmac_key
    assert key != bytes(32)
    named = keyed_hashes(index.hashes, key)
    assert shard.xorbs[0].chunks["chunk_hash"].tobytes() == named
    assert 86_400 < shard.footer.expires - shard.footer.created < 7 * 86_400


def test_a_guest_is_told_of_open_repositories_alone(xet: XetClient) -> None:
    xet.create(ADA, "open", owner=LAB)
    xet.create(ADA, "closed", owner=LAB, private=True)
    xet.create(ADA, "target", owner=LAB)
    [seen] = xet.add(ADA, "lab/open", {"a.bin": BODY}).indexes.values()
    [hidden] = xet.add(ADA, "lab/closed", {"a.bin": noise(2, 300_000)}).indexes.values()
    reach(xet, "namespace")
    token = xet.ask_token(EVE, "lab/target", rev="None?create_pr=1").json()
    door = Door(xet.box, "/xet/lab/e1", token["accessToken"])
    assert asked(door, marked(hidden), session="a") is None
    assert asked(door, marked(seen), session="b") is not None


def test_a_guest_may_not_name_what_others_sent_nor_learn_that_it_is_there(xet: XetClient) -> None:
    """Whoever opens a pull request sends into a namespace of which they read a part."""
    xet.create(ADA, "closed", owner=LAB, private=True)
    xet.create(ADA, "target", owner=LAB)
    [(name, body)] = xet.add(ADA, "lab/closed", {"a.bin": BODY}).bodies.items()
    guest = xet.ask_token(EVE, "lab/target", rev="None?create_pr=1").json()
    doors = {"guest": Door(xet.box, "/xet/lab/e1", guest["accessToken"]), "member": xet.door(BOB, "lab/target")}
    asks = {who: door.post(f"/v1/xorb-grants/default/{name}", json={"length": 1}) for who, door in doors.items()}
    assert {who: answer.status_code for who, answer in asks.items()} == {"guest": 201, "member": 200}
    shard = pack(BODY).shard
    assert doors["guest"].post("/v1/shards", content=shard).status_code == 400
    place = asks["guest"].json()["url"].removeprefix("http://hub.test")
    assert xet.box.put(EVE, place, content=body).json() == {"was_inserted": False}
    assert doors["guest"].post("/v1/shards", content=shard).status_code == 200


def test_an_instance_may_share_what_is_open(xet: XetClient) -> None:
    xet.create(ADA, "closed", private=True)
    [open_] = xet.add(ADA, "ada/m", {"a.bin": BODY}).indexes.values()
    [closed] = xet.add(ADA, "ada/closed", {"a.bin": noise(2, 300_000)}).indexes.values()
    xet.create(EVE, "hers")
    reach(xet, "namespace")
    assert asked(xet.door(EVE, "eve/hers"), marked(open_), session="a") is None
    reach(xet, "instance")
    assert asked(xet.door(EVE, "eve/hers"), marked(open_), session="b") is not None
    assert asked(xet.door(EVE, "eve/hers"), marked(closed), session="c") is None


def test_sessions_are_forgotten_in_time(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    door = xet.door(ADA, "ada/m")
    assert [asked(door, session=name) is not None for name in "abcab"] == [True, True, True, True, True]
