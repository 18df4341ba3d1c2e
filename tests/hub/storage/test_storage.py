"""What takes how much room, by HTTP and on the command line."""

import json

from tests.hub.lfs.conftest import Sender
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person
from tests.xetbox import XetClient, noise

BODY = noise(1, 2_000_000)
ROOM = 10_000  # for the headers of chunks


def account(xet: XetClient, path: str, person: Person = ADA) -> dict[str, int]:
    answer = xet.box.get(person, f"/api/{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_empty_repository_takes_nothing(xet: XetClient) -> None:
    assert account(xet, "models/ada/m/storage") == {"logical": 0, "stored": 0, "shared": 0, "saved": 0}


def test_a_second_version_saves_what_it_has_in_common(xet: XetClient) -> None:
    changed = BODY[:1_000_000] + b"changed" + BODY[1_000_000:]
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    Sender(xet.box).send(ADA, "ada/m", changed)
    xet.commit(ADA, "ada/m", {"b.bin": changed})
    xet.grind()
    told = account(xet, "models/ada/m/storage")
    assert told["logical"] == 2 * len(BODY) + 7
    assert told["saved"] == told["logical"] - told["stored"]
    assert told["saved"] > len(BODY) - 400_000


def test_chunks_that_two_files_have_count_once(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY, "b.bin": BODY + noise(2, 500_000)})
    told = account(xet, "models/ada/m/storage")
    assert told["logical"] == 2 * len(BODY) + 500_000
    assert len(BODY) + 500_000 <= told["stored"] < len(BODY) + 700_000 + ROOM
    assert told["saved"] > len(BODY) - 250_000


def test_text_saves_by_compression(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.csv": b"one,two,three\n" * 100_000})
    told = account(xet, "models/ada/m/storage")
    assert told["stored"] < told["logical"] / 10


def test_a_copy_shares_all_it_has(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    xet.box.post(ADA, "/api/models/ada/m/duplicate", json={"repository": "ada/copy"})
    for _ in range(2):
        one, copy = account(xet, "models/ada/m/storage"), account(xet, "models/ada/copy/storage")
        assert one == copy
        assert one["shared"] == one["stored"]
        both = account(xet, "storage/ada")
        assert (both["logical"], both["stored"], both["shared"]) == (2 * len(BODY), one["stored"], 0)
        xet.grind()


def test_whole_files_count_too(xet: XetClient) -> None:
    Sender(xet.box).send(ADA, "ada/m", BODY)
    xet.commit(ADA, "ada/m", {"a.bin": BODY})
    told = account(xet, "models/ada/m/storage")
    assert told == {"logical": len(BODY), "stored": len(BODY), "shared": 0, "saved": 0}
    xet.create(EVE, "hers")
    Sender(xet.box).send(EVE, "eve/hers", BODY)
    assert account(xet, "models/ada/m/storage")["shared"] == len(BODY)


def test_an_owner_is_shown_to_those_who_read_all_of_it(xet: XetClient) -> None:
    xet.create(ADA, "ours", owner=LAB, private=True)
    xet.add(BOB, "lab/ours", {"a.bin": BODY})
    assert account(xet, "storage/lab", BOB)["logical"] == len(BODY)
    for person in (EVE, NOBODY):
        assert xet.box.get(person, "/api/storage/lab").status_code == 404
        assert xet.box.get(person, "/api/models/lab/ours/storage").status_code in (401, 404)
    assert xet.box.get(ADA, "/api/storage/nobody-at-all").status_code == 404


def test_the_command_line_tells_of_the_whole_hub_and_of_one_owner(xet: XetClient) -> None:
    xet.add(ADA, "ada/m", {"a.bin": BODY})
    xet.grind()
    house = json.loads(xet.command("storage", "--json"))
    assert (house["logical"], house["xorbs"], house["unpacked_files"], house["cached_files"]) == (len(BODY), 1, 0, 0)
    rows = json.loads(xet.command("storage", "ada", "--json"))
    assert [row["what"] for row in rows] == ["ada", "ada/m"]
    assert rows[0]["stored"] == rows[1]["stored"] == house["stored"]
    assert "logical: 2 MB" in xet.command("storage").splitlines()
