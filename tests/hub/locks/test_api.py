"""Locks by HTTP, as git-lfs asks."""

from typing import Any

import httpx
import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.hub.repos.service import NewRepo


@pytest.fixture(autouse=True)
def repos(box: HubBox) -> None:
    """ada has a model m, the organisation a model of the same name."""
    box.app.repos.create(box.actor(ADA), NewRepo("model", "m"))
    box.app.repos.create(box.actor(ADA), NewRepo("model", "m", LAB))


def lock(box: HubBox, person: Person, path: str, repo: str = f"{LAB}/m", **more: Any) -> httpx.Response:
    return box.post(person, f"/{repo}.git/info/lfs/locks", json={"path": path, **more})


def verify(box: HubBox, person: Person, **more: Any) -> dict[str, Any]:
    answer = box.post(person, f"/{LAB}/m.git/info/lfs/locks/verify", json=more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_lock_names_its_owner_and_its_time(box: HubBox) -> None:
    answer = lock(box, BOB, "big.bin", ref={"name": "refs/heads/main"})
    assert answer.status_code == 201
    made = answer.json()["lock"]
    assert (made["path"], made["owner"]) == ("big.bin", {"name": "bob"})
    assert made["id"].isdigit()
    assert made["locked_at"].endswith("Z")


def test_a_locked_file_is_not_locked_twice(box: HubBox) -> None:
    lock(box, BOB, "big.bin")
    for person in (ADA, BOB):
        answer = lock(box, person, "big.bin")
        assert answer.status_code == 409
        assert answer.json()["lock"]["owner"] == {"name": "bob"}
        assert "bob" in answer.json()["message"]
    assert lock(box, ADA, "Big.bin").status_code == 201
    assert lock(box, ADA, "big.bin", "ada/m").status_code == 201


def test_before_a_push_one_learns_what_is_whose(box: HubBox) -> None:
    lock(box, BOB, "his.bin")
    lock(box, ADA, "hers.bin")
    found = verify(box, ADA)
    assert [one["path"] for one in found["ours"]] == ["hers.bin"]
    assert [one["path"] for one in found["theirs"]] == ["his.bin"]


def test_locks_are_listed_and_found(box: HubBox) -> None:
    ids = [lock(box, BOB, f"{number}.bin").json()["lock"]["id"] for number in range(5)]

    def listed(query: str) -> tuple[list[str], str | None]:
        found = box.get(BOB, f"/{LAB}/m.git/info/lfs/locks?{query}").json()
        return [one["path"] for one in found["locks"]], found.get("next_cursor")

    assert listed("limit=2") == (["0.bin", "1.bin"], ids[1])
    assert listed(f"limit=2&cursor={ids[1]}") == (["2.bin", "3.bin"], ids[3])
    assert listed(f"limit=2&cursor={ids[3]}") == (["4.bin"], None)
    assert listed("path=3.bin") == (["3.bin"], None)
    assert listed(f"id={ids[1]}") == (["1.bin"], None)
    assert listed(f"id={ids[1]}&path=3.bin") == ([], None)
    assert listed("path=absent") == ([], None)
    assert [len(side) for side in (verify(box, BOB, limit=3)["ours"], verify(box, BOB, cursor=ids[2])["ours"])] == [
        3,
        2,
    ]


def unlock(box: HubBox, person: Person, number: str, repo: str = f"{LAB}/m", **body: Any) -> httpx.Response:
    return box.post(person, f"/{repo}.git/info/lfs/locks/{number}/unlock", json=body)


def test_a_lock_is_released_by_its_owner_or_forced_by_an_administrator(box: HubBox) -> None:
    his = lock(box, BOB, "big.bin").json()["lock"]["id"]
    assert unlock(box, ADA, his).status_code == 403
    assert unlock(box, ADA, his, force=True).json()["lock"]["path"] == "big.bin"
    assert unlock(box, ADA, his, force=True).status_code == 404
    hers = lock(box, ADA, "big.bin").json()["lock"]["id"]
    assert unlock(box, BOB, hers, force=True).status_code == 403
    assert unlock(box, ADA, hers).status_code == 200
    assert verify(box, ADA) == {"ours": [], "theirs": []}


def test_a_lock_of_another_repository_is_out_of_reach(box: HubBox) -> None:
    his = lock(box, BOB, "big.bin").json()["lock"]["id"]
    assert unlock(box, ADA, his, "ada/m", force=True).status_code == 404


@pytest.mark.parametrize(("person", "reading", "writing"), [(EVE, 200, 403), (NOBODY, 200, 401)])
def test_strangers_read_locks_of_public_repositories_only(
    box: HubBox, person: Person, reading: int, writing: int
) -> None:
    base = f"/{LAB}/m.git/info/lfs/locks"
    assert box.get(person, base).status_code == reading
    assert lock(box, person, "x").status_code == writing
    assert box.post(person, f"{base}/verify", json={}).status_code == writing
    assert box.post(person, f"{base}/1/unlock", json={}).status_code == writing
    box.app.repos.create(box.actor(ADA), NewRepo("model", "p", private=True))
    assert box.get(person, "/ada/p.git/info/lfs/locks").status_code == (404 if person is EVE else 401)


@pytest.mark.parametrize("body", [b"x", b"{}", b'{"path":1}', b'{"path":"\\ud800"}', b"[]"])
def test_a_lock_without_a_path_is_refused(box: HubBox, body: bytes) -> None:
    assert box.post(BOB, f"/{LAB}/m.git/info/lfs/locks", content=body).status_code == 422


@pytest.mark.parametrize("path", ["", "a" * 4097, "a\0b"])
def test_what_is_no_path_is_not_locked(box: HubBox, path: str) -> None:
    assert lock(box, BOB, path).status_code == 400


@pytest.mark.parametrize("number", ["x", "-1", "99999999999", "4294967296", "%00"])
def test_what_is_no_lock_is_not_released(box: HubBox, number: str) -> None:
    answer = box.post(BOB, f"/{LAB}/m.git/info/lfs/locks/{number}/unlock", json={})
    assert answer.status_code == 422


def test_locks_go_with_their_repository(box: HubBox) -> None:
    lock(box, BOB, "big.bin")
    answer = box.ask("DELETE", ADA, "/api/repos/delete", json={"name": "m", "organization": LAB})
    assert answer.status_code == 200
    assert box.get(ADA, f"/{LAB}/m.git/info/lfs/locks").status_code == 404
