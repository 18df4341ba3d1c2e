"""Clients that ask before they send as chunks."""

import pytest
from tests.hub.lfs.conftest import Sender
from tests.people import ADA
from tests.xetbox import XetClient, sha

OFFERS = ["basic", "multipart", "xet"]


@pytest.mark.parametrize(("agent", "transfer"), [("hf_hub/0.36.2", "xet"), ("git-lfs/3.7.0", "basic")])
def test_chunks_are_chosen_unless_git_lfs_asks(xet: XetClient, agent: str, transfer: str) -> None:
    body = {"operation": "upload", "objects": [{"oid": sha(b"x"), "size": 1}], "transfers": OFFERS}
    address = "/ada/m.git/info/lfs/objects/batch"
    answer = xet.box.post(ADA, address, json=body, headers={"user-agent": agent}).json()
    assert answer["transfer"] == transfer
    upload = answer["objects"][0]["actions"]["upload"]
    if transfer == "xet":  # JavaScript asks for its token there
        assert xet.box.get(ADA, upload["href"].removeprefix("http://hub.test")).json()["accessToken"]
    else:
        assert "/uploads/" in upload["href"]


def test_downloads_go_the_old_way(xet: XetClient) -> None:
    Sender(xet.box).send(ADA, "ada/m", b"x")
    body = {"operation": "download", "objects": [{"oid": sha(b"x"), "size": 1}], "transfers": OFFERS}
    answer = xet.box.post(ADA, "/ada/m.git/info/lfs/objects/batch", json=body).json()
    assert answer["transfer"] == "basic"
    assert "download" in answer["objects"][0]["actions"]
