"""Where a hub is reached that listens on every address of its machine."""

import socket

import pytest

from bearhug.base import whereabouts

NUMBERS = {socket.AF_INET: "10.0.0.7", socket.AF_INET6: "fd00::7"}


@pytest.mark.parametrize(
    ("listening", "reached"),
    [
        ("http://0.0.0.0:7860", "http://127.0.0.1:7860"),
        ("http://[::]:7860", "http://[::1]:7860"),
        ("http://127.0.0.1:7860", "http://127.0.0.1:7860"),
        ("http://[fe80::1]:7860", "http://[fe80::1]:7860"),
        ("https://hub.example.org", "https://hub.example.org"),
    ],
)
def test_this_machine_reaches_it_at_an_address_that_exists(listening: str, reached: str) -> None:
    assert whereabouts.near(listening) == reached


def test_numbers_of_ipv6_stand_in_brackets() -> None:
    assert whereabouts.address("::", 80) == "http://[::]:80"
    assert whereabouts.address("hub", 80) == "http://hub:80"


def test_others_reach_it_by_the_machines_name_and_number_if_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "den")
    monkeypatch.setattr(
        whereabouts, "_leaving", lambda family, _: "fd00::7" if family == socket.AF_INET6 else "10.0.0.7"
    )
    assert whereabouts.far("http://0.0.0.0:7860") == ["http://den:7860", "http://10.0.0.7:7860"]
    assert whereabouts.far("http://[::]:7860") == ["http://den:7860", "http://10.0.0.7:7860", "http://[fd00::7]:7860"]
    assert whereabouts.far("http://127.0.0.1:7860") == []


def test_a_machine_without_a_way_out_has_its_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "gethostname", lambda: "localhost")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert whereabouts.far("http://0.0.0.0:7860") == []
