"""What a client says of a file's sha256: good enough for its own repository, and no further until it is proved."""

import logging
from dataclasses import replace

import pytest
from tests.people import ADA, EVE
from tests.xetbox import XetClient, noise, pack, sha

from bearhug.hub.objects.records import XET, StoredObject

BODY, OTHER = noise(1, 300_000), noise(2, 300_000)


def stored(xet: XetClient, content: bytes) -> StoredObject | None:
    with xet.box.app.db.reading() as tx:
        return xet.box.app.objects.get(tx, sha(content))


def held(xet: XetClient, repo_id: int, content: bytes) -> bool:
    with xet.box.app.db.reading() as tx:
        return not xet.box.app.lfs.missing(tx, repo_id, [sha(content)])


def lie(xet: XetClient, repo: str, content: bytes, pretended: bytes) -> str:
    """Send a file under the sha256 of another one; its Xet hash."""
    packed, door = pack(content), xet.door(EVE, repo)
    packed.files[0] = replace(packed.files[0], sha256=bytes.fromhex(sha(pretended)))
    for name, body in packed.bodies.items():
        door.post(f"/v1/xorbs/default/{name}", content=body)
    assert door.post("/v1/shards", content=packed.shard).status_code == 200
    return packed.name


def test_a_file_can_be_committed_and_read_before_it_is_proved(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    assert stored(xet, BODY) is None
    assert xet.box.get(ADA, "/ada/m/resolve/main/w.bin").content == BODY


def test_a_proved_file_is_an_object_like_any_other(xet: XetClient) -> None:
    file = xet.add(ADA, "ada/m", {"w.bin": BODY}).name
    xet.grind()
    assert stored(xet, BODY) == StoredObject(sha(BODY), len(BODY), XET, file)
    assert xet.box.get(ADA, "/ada/m/resolve/main/w.bin").content == BODY
    assert xet.fetch(ADA, "ada/m", file) == BODY


def test_a_file_that_was_never_sent_here_cannot_be_committed(xet: XetClient) -> None:
    xet.create(ADA, "other")
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    answer = xet.commit(ADA, "ada/other", {"w.bin": BODY})
    assert answer.status_code == 400
    assert "was not uploaded to this repository" in answer.json()["error"]


def test_a_commit_must_name_the_right_size(xet: XetClient) -> None:
    xet.send(ADA, "ada/m", BODY)
    line = {"path": "w.bin", "algo": "sha256", "oid": sha(BODY), "size": 5}
    body = '{"key":"header","value":{"summary":"x"}}\n{"key":"lfsFile","value":' + str(line).replace("'", '"') + "}\n"
    answer = xet.box.post(
        ADA, "/api/models/ada/m/commit/main", content=body, headers={"content-type": "application/x-ndjson"}
    )
    assert answer.status_code == 400


def test_a_lie_reaches_nobody_else_and_does_not_last(xet: XetClient, caplog: pytest.LogCaptureFixture) -> None:
    number = xet.create(EVE, "trap")
    lie(xet, "eve/trap", OTHER, BODY)
    assert xet.commit(EVE, "eve/trap", {"w.bin": BODY}).status_code == 200
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    assert xet.box.get(ADA, "/ada/m/resolve/main/w.bin").content == BODY
    with caplog.at_level(logging.WARNING):
        xet.grind()
    assert "untrue sha256" in caplog.text
    assert not held(xet, number, BODY)
    assert xet.box.get(EVE, "/eve/trap/resolve/main/w.bin").status_code == 404
    assert xet.box.get(ADA, "/ada/m/resolve/main/w.bin").content == BODY


def test_a_lie_about_a_proved_file_is_refused_at_once(xet: XetClient) -> None:
    xet.create(EVE, "trap")
    packed = xet.send(EVE, "eve/trap", OTHER)
    xet.grind()
    packed.files[0] = replace(packed.files[0], sha256=bytes.fromhex(sha(BODY)))
    assert xet.door(EVE, "eve/trap").post("/v1/shards", content=packed.shard).status_code == 400


def test_a_lie_does_not_replace_what_a_repository_holds_for_sure(xet: XetClient) -> None:
    xet.create(EVE, "trap")
    xet.add(EVE, "eve/trap", {"w.bin": BODY})
    xet.grind()
    lie(xet, "eve/trap", OTHER, BODY)
    assert xet.box.get(EVE, "/eve/trap/resolve/main/w.bin").content == BODY
    xet.grind()
    assert xet.box.get(EVE, "/eve/trap/resolve/main/w.bin").content == BODY


def test_a_proved_file_sent_to_another_repository_is_known_at_once(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    number = xet.create(EVE, "hers", private=True)
    file = xet.add(EVE, "eve/hers", {"mine.bin": BODY}).name
    assert held(xet, number, BODY)
    assert xet.fetch(EVE, "eve/hers", file) == BODY
    assert xet.box.get(EVE, "/eve/hers/resolve/main/mine.bin").content == BODY


def test_a_copied_claim_is_proved_with_the_rest(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    number = xet.create(ADA, "copy")
    with xet.box.app.db.writing() as tx:
        xet.box.app.lfs.copy(tx, xet.repo_id(ADA, "ada/m"), number)
    xet.grind()
    assert held(xet, number, BODY)
    assert xet.commit(ADA, "ada/copy", {"again.bin": BODY}).status_code == 200
    assert xet.box.get(ADA, "/ada/copy/resolve/main/again.bin").content == BODY


def test_a_deleted_file_needs_no_proof(xet: XetClient) -> None:
    file = xet.send(ADA, "ada/m", BODY).name
    with xet.box.app.db.reading() as tx:
        recipe = xet.box.app.recipes.get(tx, file)
    assert recipe is not None
    xet.box.app.recipes.drop(recipe, lambda _tx, _hashes: set())
    xet.grind()
    assert stored(xet, BODY) is None
