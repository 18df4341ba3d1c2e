"""Xorbs on the disk and their rows."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.xetbox import XetClient, noise, pack, xorb_of

from bearhug.base.errors import BadRequest, EntryNotFound, TooLarge
from bearhug.formats.xet_footer import write_footer
from bearhug.formats.xet_hashes import HASH_LENGTH
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb
from bearhug.hub.accounts.tables import owners
from bearhug.hub.xorbs import service
from bearhug.hub.xorbs.service import Xorbs
from bearhug.hub.xorbs.spool import Spool

BODY = xorb_of([noise(1, 20_000), noise(2, 9_000)])
INDEX = scan_xorb(BODY)


@pytest.fixture
def xorbs(xet: XetClient) -> Xorbs:
    return xet.box.app.xorbs


def owner(xorbs: Xorbs, name: str) -> int:
    with xorbs.db.reading() as tx:
        return int(tx.execute(select(owners.c.id).where(owners.c.name == name)).scalar_one())


def keep(xorbs: Xorbs, body: bytes = BODY, name: str = "ada") -> bool:
    with xorbs.bodies.receive() as spool:
        spool.write(body)
        return xorbs.keep(spool, scan_xorb(body).xorb_hash, [owner(xorbs, name)])


def test_the_index_comes_back_as_it_was(xorbs: Xorbs) -> None:
    keep(xorbs)
    for found in (xorbs.need(INDEX.xorb_hash), xorbs.bodies.footer(INDEX.xorb_hash)):
        assert (found.xorb_hash, found.hashes) == (INDEX.xorb_hash, INDEX.hashes)
        assert found.offsets.tolist() == INDEX.offsets.tolist()
        assert found.lengths.tolist() == INDEX.lengths.tolist()


def test_an_unknown_xorb_has_no_index(xorbs: Xorbs) -> None:
    assert xorbs.index(bytes(32)) is None
    with pytest.raises(EntryNotFound):
        xorbs.need(bytes(32))
    with pytest.raises(EntryNotFound):
        xorbs.read(bytes(32), 0, 10)


def test_few_indexes_stay_in_memory(xorbs: Xorbs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "REMEMBERED", 3)
    found = []
    for number in range(6):
        body = xorb_of([noise(number, 5_000)])
        keep(xorbs, body)
        found.append(xorbs.index(scan_xorb(body).xorb_hash))
    assert len(xorbs._indexes) == 3
    assert all(isinstance(index, XorbIndex) for index in found)


def test_nothing_is_kept_under_a_wrong_name(xorbs: Xorbs) -> None:
    with xorbs.bodies.receive() as spool:
        spool.write(BODY)
        with pytest.raises(BadRequest):
            xorbs.keep(spool, bytes(32), [1])
    assert list(xorbs.bodies.walk()) == []
    assert list(xorbs.walk()) == []


def test_only_those_who_sent_it_may_name_it(xorbs: Xorbs, xet: XetClient) -> None:
    keep(xorbs, name="ada")
    assert xorbs.has(INDEX.xorb_hash, [owner(xorbs, "ada")])
    assert not xorbs.has(INDEX.xorb_hash, [owner(xorbs, "eve")])
    keep(xorbs, name="eve")
    assert xorbs.has(INDEX.xorb_hash, [owner(xorbs, "eve")])


def test_a_file_that_is_cut_short_does_not_count(xorbs: Xorbs) -> None:
    keep(xorbs)
    os.truncate(xorbs.path(INDEX.xorb_hash), 100)
    assert not xorbs.is_whole(INDEX.xorb_hash)
    assert not xorbs.has(INDEX.xorb_hash, [owner(xorbs, "ada")])
    keep(xorbs)
    assert xorbs.is_whole(INDEX.xorb_hash)


def test_marks_lead_to_xorbs_newest_first(xorbs: Xorbs) -> None:
    keep(xorbs)
    packed = pack(noise(1, 60_000))
    for body in packed.bodies.values():
        keep(xorbs, body)
    digest = INDEX.hashes[:HASH_LENGTH]
    with xorbs.db.writing() as tx:
        ids = sorted(row.id for row in xorbs.walk())
        xorbs.mark(tx, {(number, digest) for number in ids})
        xorbs.mark(tx, {(ids[0], digest)})
        assert xorbs.marked(tx, digest) == ids[::-1]
        assert xorbs.marked(tx, bytes(32)) == []


def test_removing_takes_the_row_and_the_file(xorbs: Xorbs) -> None:
    keep(xorbs)
    [row] = xorbs.walk()
    assert not xorbs.remove(row, lambda _tx, _row: False)
    assert xorbs.is_whole(INDEX.xorb_hash)
    assert xorbs.remove(row, lambda _tx, _row: True)
    assert not xorbs.path(INDEX.xorb_hash).exists()
    assert xorbs.index(INDEX.xorb_hash) is None
    assert not xorbs.remove(row, lambda _tx, _row: True)


def test_a_file_and_no_row_is_what_a_crash_leaves_and_the_next_sender_mends(xorbs: Xorbs) -> None:
    path = xorbs.path(INDEX.xorb_hash)
    path.parent.mkdir(parents=True)
    path.write_bytes(BODY + write_footer(INDEX))
    assert not xorbs.is_whole(INDEX.xorb_hash)
    assert keep(xorbs)
    assert xorbs.is_whole(INDEX.xorb_hash)


# spools ------------------------------------------------------------------------------------------------------


def test_a_spool_leaves_nothing_unless_it_is_kept(tmp_path: Path) -> None:
    with Spool(tmp_path, 100) as spool:
        spool.write(b"abc")
        assert spool.read() == b"abc"
    assert list(tmp_path.iterdir()) == []
    with Spool(tmp_path, 100) as spool:
        spool.write(b"abc")
        spool.keep(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_spool_takes_no_more_than_its_limit(tmp_path: Path) -> None:
    with Spool(tmp_path, 5) as spool:
        spool.write(b"abcde")
        with pytest.raises(TooLarge):
            spool.write(b"f")


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 5)
    spool.close()
    spool.close()


def test_what_a_dead_writer_left_is_swept_and_the_living_are_spared(xorbs: Xorbs) -> None:
    dead = xorbs.bodies.root / "incoming" / "dead.part"
    dead.write_bytes(b"x")
    with xorbs.bodies.receive() as spool:
        spool.write(b"y")
        assert xorbs.bodies.sweep() == 1
        assert spool.read() == b"y"
    assert not dead.exists()
