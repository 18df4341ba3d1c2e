"""Contents by sha256: rows and bytes together, whichever way the bytes are kept."""

import hashlib
import os
from collections.abc import Collection, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.hubbox import HubBox

from bearhug.base import clock
from bearhug.base.content import Content
from bearhug.base.db import Tx
from bearhug.base.errors import TooLarge
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.objects.service import Objects, Vanished
from bearhug.hub.objects.tables import objects as table

ONE = os.urandom(1000)
OID = hashlib.sha256(ONE).hexdigest()


def bring(objects: Objects, content: bytes = ONE) -> None:
    oid = hashlib.sha256(content).hexdigest()
    with objects.receive(oid, len(content)) as incoming:
        incoming.write(content)
        objects.keep(incoming, oid, lambda _tx: None)


def known(objects: Objects) -> dict[str, StoredObject]:
    return {found.oid: found for page in objects.walk() for found in page}


def on_disk(objects: Objects) -> list[str]:
    return [blob.sha256 for blob in objects.blobs.walk()]


def read(objects: Objects, found: StoredObject) -> bytes:
    return b"".join(objects.blocks(found))


def nobody(_tx: Tx, _oids: Collection[str]) -> set[str]:
    return set()


def everybody(_tx: Tx, oids: Collection[str]) -> set[str]:
    return set(oids)


@pytest.fixture
def objects(box: HubBox) -> Objects:
    return box.app.objects


def test_what_is_brought_is_known_and_there(objects: Objects) -> None:
    assert not objects.present(OID)
    bring(objects)
    assert objects.present(OID)
    found = known(objects)[OID]
    assert (found.size, objects.has(found)) == (1000, True)
    assert read(objects, found) == ONE


def test_bytes_without_rows_do_not_stay(objects: Objects) -> None:
    def refuse(_tx: Tx) -> None:
        raise TooLarge

    with objects.receive(OID, len(ONE)) as incoming:
        incoming.write(ONE)
        with pytest.raises(TooLarge):
            objects.keep(incoming, OID, refuse)
    assert on_disk(objects) == []
    bring(objects)
    with objects.receive(OID, len(ONE)) as incoming:
        incoming.write(ONE)
        with pytest.raises(TooLarge):
            objects.keep(incoming, OID, refuse)
    assert on_disk(objects) == [OID]


def test_a_copy_that_vanished_while_it_was_compared_is_said_so(objects: Objects) -> None:
    bring(objects)
    with objects.receive(OID, len(ONE)) as incoming:
        incoming.write(ONE)
        objects.blobs.remove(OID)
        with pytest.raises(Vanished):
            objects.keep(incoming, OID, lambda _tx: None)


def test_walking_goes_through_all_pages(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bearhug.hub.objects.service.PAGE", 2)
    for number in range(5):
        bring(objects, bytes([number]))
    assert [len(page) for page in objects.walk()] == [2, 2, 1]
    assert list(objects.walk(before=clock.now() - timedelta(hours=1))) == []


def test_only_what_nobody_holds_is_purged(objects: Objects) -> None:
    bring(objects)
    assert objects.purge(OID, everybody) == 0
    assert objects.purge_unheld(clock.now() + timedelta(hours=1), everybody) == 0
    assert objects.purge_unheld(clock.now() - timedelta(hours=1), nobody) == 0
    assert on_disk(objects) == [OID]
    assert objects.purge_unheld(clock.now() + timedelta(hours=1), nobody) == len(ONE)
    assert (on_disk(objects), known(objects)) == ([], {})
    assert objects.purge(OID, nobody) == 0


# another way to keep bytes -----------------------------------------------------------------------------------


class Drawer:
    """Keeps bytes in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def content(self, found: StoredObject) -> Content:
        data = self.contents[found.oid]
        return Content(found.size, f'"{found.oid}"', read=lambda start, size: data[start : start + size])

    def blocks(self, found: StoredObject) -> Iterator[bytes]:
        yield self.contents[found.oid]

    def has(self, found: StoredObject) -> bool:
        return found.oid in self.contents


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def both(box: HubBox, drawer: Drawer) -> Objects:
    """ONE has moved from a file into the drawer."""
    found = Objects(box.app.db, box.app.objects.blobs, {"drawer": drawer})
    bring(found)
    drawer.contents[OID] = ONE
    with box.app.db.writing() as tx:
        tx.execute(update(table).values(backing="drawer"))
    found.blobs.remove(OID)
    return found


def test_an_object_may_be_kept_in_another_way(both: Objects) -> None:
    found = known(both)[OID]
    assert (both.has(found), read(both, found)) == (True, ONE)
    content = both.content(found)
    assert content.read is not None
    assert content.read(10, 20) == ONE[10:30]


def test_bringing_it_again_writes_no_file(both: Objects) -> None:
    bring(both)
    assert on_disk(both) == []
    assert known(both)[OID].backing == "drawer"


def test_what_the_other_way_lost_is_a_file_again(both: Objects, drawer: Drawer) -> None:
    drawer.contents.clear()
    assert not both.present(OID)
    bring(both)
    assert on_disk(both) == [OID]
    assert read(both, known(both)[OID]) == ONE


def test_purging_forgets_it_however_it_is_kept(both: Objects) -> None:
    assert both.purge(OID, nobody) == len(ONE)
    assert known(both) == {}
