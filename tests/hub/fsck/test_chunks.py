"""Xorbs and recipes examined, and rebuilt from what lies on the disk."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY
from tests.xetbox import XetClient, noise, pack

from bearhug.formats.xet_hashes import hash_from_text
from bearhug.hub.fsck.records import Problem, Verdict
from bearhug.hub.fsck.service import Fsck, Rooms
from bearhug.hub.recipes.tables import recipe_xorbs, recipes
from bearhug.hub.xorbs.tables import xorb_knowers, xorb_marks, xorbs

BODY, OTHER = noise(1, 500_000), noise(2, 300_000)


@pytest.fixture
def xet(box: HubBox) -> XetClient:
    found = XetClient(box)
    found.create(ADA, "m")
    found.add(ADA, "ada/m", {"a.bin": BODY})
    found.add(ADA, "ada/m", {"b.bin": OTHER})
    found.grind()
    return found


def examine(xet: XetClient, *, mend: bool = True, deep: bool = False) -> list[Problem]:
    app = xet.box.app
    rooms = Rooms(app.repos, app.git, app.lfs, app.recipes, app.xet, app.transport, app.bus)
    found = list(Fsck(rooms, mend=mend, deep=deep).run())
    app.worker.drain()
    app.mill.drain()
    return [problem for problem in found if problem.subject.startswith(("xorb", "file", "shard", "object"))]


def lose_rows(xet: XetClient) -> None:
    with xet.box.app.db.writing() as tx:
        for table in (recipe_xorbs, recipes, xorb_marks, xorb_knowers, xorbs):
            tx.execute(table.delete())
    xet.box.app.xorbs._indexes.clear()


def first_body(xet: XetClient) -> bytes:
    return next(iter(xet.box.app.xorbs.bodies.walk()))


def test_a_sound_hub_has_no_problems(xet: XetClient) -> None:
    assert examine(xet) == []
    assert examine(xet, deep=True) == []


def test_all_rows_are_made_again_from_the_disk(xet: XetClient) -> None:
    lose_rows(xet)
    problems = examine(xet)
    assert {problem.verdict for problem in problems} == {Verdict.MENDED}
    assert len(problems) == 4
    assert examine(xet, deep=True) == []
    for path, content in (("a.bin", BODY), ("b.bin", OTHER)):
        assert xet.box.get(NOBODY, f"/ada/m/resolve/main/{path}").content == content
        file = xet.box.head(NOBODY, f"/ada/m/resolve/main/{path}").headers["x-xet-hash"]
        assert xet.fetch(NOBODY, "ada/m", file) == content


def test_lost_rows_begin_a_new_epoch(xet: XetClient) -> None:
    before = xet.door(ADA, "ada/m").path
    lose_rows(xet)
    examine(xet)
    assert xet.door(ADA, "ada/m").path != before


def test_a_dry_run_mends_nothing(xet: XetClient) -> None:
    lose_rows(xet)
    assert {problem.verdict for problem in examine(xet, mend=False)} >= {Verdict.MENDABLE}
    assert list(xet.box.app.xorbs.walk()) == []


def test_a_lost_xorb_and_the_files_that_need_it_are_told(xet: XetClient) -> None:
    xet.box.app.xorbs.bodies.remove(first_body(xet))
    told = {problem.subject.split()[0]: problem for problem in examine(xet)}
    assert told["xorb"].verdict is Verdict.LOST
    assert told["object"].verdict is Verdict.LOST


def test_a_lost_xorb_that_nobody_needs_is_forgotten(xet: XetClient) -> None:
    packed = pack(noise(9, 50_000))
    [(name, body)] = packed.bodies.items()
    xet.door(ADA, "ada/m").post(f"/v1/xorbs/default/{name}", content=body)
    xet.box.app.xorbs.bodies.remove(hash_from_text(name))
    assert [problem.verdict for problem in examine(xet, mend=False)] == [Verdict.MENDABLE]
    assert [problem.verdict for problem in examine(xet)] == [Verdict.MENDED]
    assert examine(xet) == []


def test_sending_a_lost_file_again_heals_it(xet: XetClient) -> None:
    for digest in list(xet.box.app.xorbs.bodies.walk()):
        xet.box.app.xorbs.bodies.remove(digest)
    xet.send(ADA, "ada/m", BODY)
    xet.send(ADA, "ada/m", OTHER)
    assert examine(xet, deep=True) == []


def test_a_flipped_bit_is_found_by_looking_deeply(xet: XetClient) -> None:
    path = xet.box.app.xorbs.path(first_body(xet))
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    assert examine(xet) == []
    subjects = {problem.subject.split()[0] for problem in examine(xet, deep=True)}
    assert subjects == {"xorb", "object"}


def test_a_damaged_file_is_not_believed_what_it_says_of_itself(xet: XetClient) -> None:
    path = xet.box.app.xorbs.path(first_body(xet))
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    lose_rows(xet)
    assert any(p.verdict is Verdict.LOST and p.subject.startswith("xorb") for p in examine(xet))


def test_a_damaged_shard_is_told(xet: XetClient) -> None:
    name = next(iter(xet.box.app.recipes.journal.walk()))
    (xet.box.config.shards / name[:2] / name).write_bytes(b"short")
    assert [problem.subject for problem in examine(xet)] == [f"shard {name}"]


def test_what_was_given_back_is_not_raised_from_the_dead(xet: XetClient) -> None:
    name = next(iter(xet.box.app.recipes.journal.walk()))
    kept = xet.box.app.recipes.journal.read(name)
    lose_rows(xet)
    for digest in kept[0].terms["xorb_hash"].tolist():
        xet.box.app.xorbs.bodies.remove(digest)
    files = [problem for problem in examine(xet) if problem.subject.startswith("file")]
    assert len(files) == 1
