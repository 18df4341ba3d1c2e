"""Uploads in parts: sent in any order, completed once, dropped when they do not make the object."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.hub.lfs.conftest import Sender, local, sha
from tests.hub.lfs.sending import ONE, cut_off, put_part
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.lfs import service


@pytest.fixture
def in_parts(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[str, dict[int, str]]]:
    """Asks for parts of 300 bytes; gives the address of completion and those of the parts."""
    for name, value in {"ONE_REQUEST": 500, "PART": 300, "MIB": 100}.items():
        monkeypatch.setattr(service, name, value)

    def ask() -> tuple[str, dict[int, str]]:
        upload = sender.one(ADA, "ada/m", ONE, transfers=["basic", "multipart"])["actions"]["upload"]
        assert upload["header"].pop("chunk_size") == "300"
        return local(upload["href"]), {int(key): local(url) for key, url in upload["header"].items()}

    return ask


def test_parts_make_an_object(sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3, 4)]
    answer = sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts})
    assert answer.status_code == 200, answer.text
    assert sender.fetch(ADA, "ada/m", ONE) == ONE
    assert [path.name for path in sender.files()] == [sha(ONE)]
    again = sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts})
    assert again.status_code == 200


def test_parts_outlive_a_restart_and_may_be_sent_twice(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], tmp_path: Path
) -> None:
    _, urls = in_parts()
    first = [put_part(sender.box, urls, number) for number in (4, 2)]
    box = HubBox(tmp_path / "hub", database_url=sender.box.config.database_url)
    box.enter()
    again = Sender(box)
    href, urls = in_parts()
    state = box.http.get(href).json()
    assert (state["partSize"], state["size"]) == (300, 1000)
    assert [part["partNumber"] for part in state["parts"]] == [2, 4]
    parts = [put_part(box, urls, number) for number in (1, 2, 3, 4)]
    assert first[0] in parts
    assert first[1] in parts
    assert box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 200
    assert again.fetch(ADA, "ada/m", ONE) == ONE
    box.close()


@pytest.mark.parametrize("content", [b"", b"x" * 299, b"x" * 301])
def test_a_part_of_another_length_is_refused(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], content: bytes
) -> None:
    href, urls = in_parts()
    assert sender.box.http.put(urls[1], content=content).status_code in (400, 413)
    assert sender.box.http.get(href).json()["parts"] == []


@pytest.mark.parametrize("number", ["0", "5", "-1", "x", "99999999999999999999999"])
def test_a_part_that_does_not_exist_is_refused(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], number: str
) -> None:
    _, urls = in_parts()
    assert sender.box.http.put(urls[1].replace("parts/1", f"parts/{number}"), content=ONE[:300]).status_code == 400


def test_parts_that_do_not_make_the_object_are_dropped(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3)]
    bad = sender.box.http.put(urls[4], content=b"\0" * 100)
    parts.append({"partNumber": 4, "etag": bad.headers["etag"]})
    body = {"oid": sha(ONE), "parts": parts}
    assert sender.box.http.post(href, json=body).status_code == 422
    assert sender.files() == []
    assert sender.box.http.post(href, json=body).status_code == 400
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3, 4)]
    assert sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 200


def test_a_completion_must_speak_of_what_came(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3)]
    bodies: list[dict[str, Any]] = [
        {"oid": sha(ONE), "parts": parts},
        {"oid": "b" * 64, "parts": parts},
        {"oid": sha(ONE)},
        {"oid": sha(ONE), "parts": [1]},
    ]
    for body in bodies:
        assert sender.box.http.post(href, json=body).status_code == 400
    put_part(sender.box, urls, 4)
    parts[0]["etag"] = '"stale"'
    assert sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 400


def test_an_empty_object_is_completed_without_parts(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href = sender.href(ADA, "ada/m", b"")
    assert sender.box.http.post(href, json={"oid": sha(b""), "parts": []}).status_code == 200
    assert sender.fetch(ADA, "ada/m", b"") == b""


def test_a_part_that_is_cut_off_is_not_there(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    assert cut_off(sender.box, "PUT", urls[1], ONE[:200]) == 400
    assert sender.box.http.get(href).json()["parts"] == []
    put_part(sender.box, urls, 1)
