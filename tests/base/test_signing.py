"""Signatures: made once, recognised later, by this hub alone."""

import stat
import threading
from pathlib import Path

from bearhug.base.signing import Signer


def test_a_signature_holds_for_its_facts_alone(tmp_path: Path) -> None:
    signer = Signer.load(tmp_path / "key")
    signature = signer.sign("send", 1, "abc")
    assert signer.is_valid(signature, "send", 1, "abc")
    assert not signer.is_valid(signature, "fetch", 1, "abc")
    assert not signer.is_valid(signature, "send", 2, "abc")
    assert not signer.is_valid(signature, "send", 1)
    assert not signer.is_valid("", "send", 1, "abc")
    assert not signer.is_valid("käse", "send", 1, "abc")


def test_the_key_outlives_a_restart_and_is_nobody_elses(tmp_path: Path) -> None:
    signature = Signer.load(tmp_path / "key").sign("send", 1)
    assert Signer.load(tmp_path / "key").is_valid(signature, "send", 1)
    assert not Signer.load(tmp_path / "other").is_valid(signature, "send", 1)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "other"]


def test_many_who_start_at_once_agree_on_a_key(tmp_path: Path) -> None:
    found: set[str] = set()

    def load() -> None:
        found.add(Signer.load(tmp_path / "key").sign("send"))

    threads = [threading.Thread(target=load) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
