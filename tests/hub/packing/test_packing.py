"""Whole files turned into chunks, and chunks kept whole for a while."""

import logging
import threading

import pytest
from tests.hub.lfs.conftest import Sender
from tests.people import ADA, EVE, NOBODY, Person
from tests.xetbox import XetClient, noise, sha

from bearhug.hub.objects.records import FILE, XET
from bearhug.hub.objects.records import StoredObject as Stored
from bearhug.hub.packing import jobs

BODY = noise(1, 400_000)


@pytest.fixture
def sender(xet: XetClient) -> Sender:
    return Sender(xet.box)


def put(xet: XetClient, repo: str, files: dict[str, bytes], person: Person = ADA) -> None:
    """Send over LFS and commit."""
    for content in files.values():
        Sender(xet.box).send(person, repo, content)
    answer = xet.commit(person, repo, files)
    assert answer.status_code == 200, answer.text
    xet.box.settle()


def stored(xet: XetClient, content: bytes) -> Stored:
    with xet.box.app.db.reading() as tx:
        found = xet.box.app.objects.get(tx, sha(content))
    assert found is not None
    return found


def xorb_bytes(xet: XetClient) -> int:
    with xet.box.app.db.reading() as tx:
        return xet.box.app.xorbs.totals(tx)[1]


def whole_files(xet: XetClient) -> int:
    return len(list(xet.box.app.objects.blobs.walk()))


def get(xet: XetClient, path: str) -> bytes:
    return xet.box.get(NOBODY, f"/{path}").content


def test_what_came_over_lfs_is_soon_told_by_xet(xet: XetClient) -> None:
    put(xet, "ada/m", {"w.bin": BODY})
    assert "x-xet-hash" not in xet.box.head(NOBODY, "/ada/m/resolve/main/w.bin").headers
    xet.grind()
    file = xet.box.head(NOBODY, "/ada/m/resolve/main/w.bin").headers["x-xet-hash"]
    assert stored(xet, BODY) == Stored(sha(BODY), len(BODY), XET, file, whole=True)
    assert xet.fetch(NOBODY, "ada/m", file) == BODY


def test_whoever_asks_for_a_hash_right_after_sending_gets_it(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients copy files by it."""
    app, ask = xet.box.app, {"json": {"paths": ["w.bin"]}}
    address = "/api/models/ada/m/paths-info/main"
    put(xet, "ada/m", {"w.bin": BODY})
    assert "xetHash" not in xet.box.post(ADA, address, **ask).json()[0]
    app.packing_jobs.begin()
    mill = threading.Timer(0.2, app.mill.drain)
    mill.start()
    assert len(xet.box.post(ADA, address, **ask).json()[0]["xetHash"]) == 64
    mill.join()
    put(xet, "ada/m", {"w.bin": noise(9, 300_000)})
    monkeypatch.setattr(jobs, "MOST_AWAITED", 299_999)
    assert "xetHash" not in xet.box.post(ADA, address, **ask).json()[0]
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "PATIENCE", 0.1)
    assert "xetHash" not in xet.box.post(ADA, address, **ask).json()[0]


def test_both_ways_lead_to_one_copy(xet: XetClient) -> None:
    body = noise(3, 3_000_000)
    xet.add(ADA, "ada/m", {"a.bin": body})
    xet.grind()
    before = xorb_bytes(xet)
    changed = body[:1_500_000] + b"changed" + body[1_500_000:]
    put(xet, "ada/m", {"b.bin": changed})
    xet.grind()
    assert xorb_bytes(xet) - before < 300_000
    assert get(xet, "ada/m/resolve/main/b.bin") == changed


def test_other_repositories_share_without_being_told_of(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    xet.grind()
    before = xorb_bytes(xet)
    xet.create(EVE, "hers")
    put(xet, "eve/hers", {"b.bin": BODY + b"more"}, EVE)
    xet.grind()
    assert xorb_bytes(xet) - before < 150_000
    assert get(xet, "eve/hers/resolve/main/b.bin") == BODY + b"more"


def test_small_files_share_a_xorb(xet: XetClient) -> None:
    files = {f"{number}.bin": noise(number, 100) for number in range(20)}
    put(xet, "ada/m", files)
    xet.grind()
    assert len(list(xet.box.app.xorbs.walk())) == 1
    for path, content in files.items():
        assert get(xet, f"ada/m/resolve/main/{path}") == content


def test_an_empty_file_stays_as_it_is(xet: XetClient) -> None:
    put(xet, "ada/m", {"empty.bin": b""})
    xet.grind()
    assert stored(xet, b"").backing == FILE
    assert get(xet, "ada/m/resolve/main/empty.bin") == b""


def test_what_is_not_committed_waits(xet: XetClient, sender: Sender) -> None:
    sender.send(ADA, "ada/m", BODY)
    xet.grind()
    assert stored(xet, BODY).backing == FILE


def test_an_operator_may_leave_files_as_they_are(xet: XetClient) -> None:
    xet.box.app.settings.change("pack_files", "no")
    put(xet, "ada/m", {"w.bin": BODY})
    xet.grind()
    assert stored(xet, BODY).backing == FILE
    xet.box.app.settings.change("pack_files", "yes")
    xet.box.app.packing_jobs.begin()
    xet.grind()
    assert stored(xet, BODY).backing == XET


def test_a_start_finds_what_was_left_to_do(xet: XetClient) -> None:
    put(xet, "ada/m", {"w.bin": BODY})
    with xet.box.app.db.writing() as tx:
        tx.exec_driver_sql("DELETE FROM jobs")
    xet.box.app.packing_jobs.begin()
    xet.grind()
    assert stored(xet, BODY).backing == XET


def test_a_damaged_file_is_left_for_fsck(xet: XetClient, caplog: pytest.LogCaptureFixture) -> None:
    good = noise(2, 50_000)
    put(xet, "ada/m", {"bad.bin": BODY, "good.bin": good})
    path = xet.box.config.blobs / sha(BODY)[:2] / sha(BODY)[2:4] / sha(BODY)
    path.write_bytes(bytes(len(BODY)))
    with caplog.at_level(logging.ERROR):
        xet.grind()
    assert "damaged" in caplog.text
    assert (stored(xet, BODY).backing, stored(xet, good).backing) == (FILE, XET)


def test_the_same_bytes_by_lfs_once_they_are_chunks_are_only_checked(xet: XetClient, sender: Sender) -> None:
    put(xet, "ada/m", {"w.bin": BODY})
    xet.grind()
    xet.box.app.objects.trim_whole(XET, 0)
    xet.create(EVE, "hers")
    sender.send(EVE, "eve/hers", BODY)
    assert whole_files(xet) == 0
    assert sender.fetch(EVE, "eve/hers", BODY) == BODY


def test_sending_by_lfs_makes_a_claim_certain(xet: XetClient, sender: Sender) -> None:
    xet.send(ADA, "ada/m", BODY)
    href = sender.one(EVE, "eve/hers", BODY) if xet.create(EVE, "hers") else {}
    xet.box.http.put(href["actions"]["upload"]["href"].removeprefix("http://hub.test"), content=BODY)
    assert sender.fetch(EVE, "eve/hers", BODY) == BODY
    with xet.box.app.db.reading() as tx:
        assert xet.box.app.lfs.linked_sizes(tx, xet.repo_id(ADA, "ada/m"), [sha(BODY)]) == {sha(BODY): len(BODY)}


# whole files beside chunks -----------------------------------------------------------------------------------


def test_what_is_read_twice_is_kept_whole(xet: XetClient) -> None:
    body = noise(3, 2_000_000)
    xet.add(ADA, "ada/m", {"w.bin": body})
    xet.grind()
    for expected in (0, 1):
        assert get(xet, "ada/m/resolve/main/w.bin") == body
        xet.grind()
        assert whole_files(xet) == expected
    assert xet.box.app.objects.content(stored(xet, body)).path is not None
    assert get(xet, "ada/m/resolve/main/w.bin") == body


def test_ranges_and_headers_do_not_count_as_reading(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"w.bin": noise(3, 2_000_000)})
    xet.grind()
    for _ in range(3):
        xet.box.head(NOBODY, "/ada/m/resolve/main/w.bin")
        xet.box.get(NOBODY, "/ada/m/resolve/main/w.bin", headers={"range": "bytes=0-1499999"})
    xet.grind()
    assert whole_files(xet) == 0


def test_whole_files_go_when_there_is_no_room_for_them(xet: XetClient) -> None:
    files = {f"{number}.bin": noise(number, 100_000) for number in range(5)}
    put(xet, "ada/m", files)
    xet.grind()
    assert whole_files(xet) == 5
    assert xet.box.app.objects.trim_whole(XET, 250_000) == 300_000
    assert whole_files(xet) == 2
    for path, content in files.items():
        assert get(xet, f"ada/m/resolve/main/{path}") == content


def test_the_least_wanted_go_first(xet: XetClient) -> None:
    for number in range(3):
        put(xet, "ada/m", {f"{number}.bin": noise(number, 100_000)})
        xet.grind()
    get(xet, "ada/m/resolve/main/0.bin")
    xet.box.app.objects.trim_whole(XET, 200_000)
    assert [stored(xet, noise(number, 100_000)).whole for number in range(3)] == [True, False, True]


def test_a_file_larger_than_its_share_is_never_kept_whole(xet: XetClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xet.box.app.packing, "_budget", 4 * len(BODY) - 4)
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    xet.box.app.packing.cache(sha(BODY))
    assert whole_files(xet) == 0


def test_a_whole_file_that_went_unnoticed_is_made_up_for(xet: XetClient) -> None:
    put(xet, "ada/m", {"w.bin": BODY})
    xet.grind()
    xet.box.app.objects.blobs.remove(sha(BODY))
    assert get(xet, "ada/m/resolve/main/w.bin") == BODY
