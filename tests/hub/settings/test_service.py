"""Settings of an instance: typed, checked, remembered."""

import pytest
from tests.hubbox import HubBox

from bearhug.base.errors import BadRequest
from bearhug.hub.settings.records import InstanceSettings, Registration
from bearhug.hub.settings.service import Settings


def test_a_new_hub_has_the_defaults(box: HubBox) -> None:
    assert box.app.settings.now() == InstanceSettings()


def test_a_change_is_seen_at_once_and_kept(box: HubBox) -> None:
    box.app.settings.now()
    box.app.settings.change("registration", "invite")
    assert box.app.settings.now().registration is Registration.INVITE
    assert Settings(box.app.db).now().registration is Registration.INVITE


def test_reading_again_asks_the_database_nothing(box: HubBox) -> None:
    box.app.settings.now()
    with box.counting() as statements:
        box.app.settings.now()
    assert statements == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("registration", "sometimes"),
        ("anonymous_reading", "maybe"),
        ("session_days", "0"),
        ("session_days", "٣"),
        ("session_days", "9" * 5000),
        ("public_name", "x" * 1001),
        ("colour", "red"),
    ],
)
def test_what_is_no_setting_or_no_value_is_refused(box: HubBox, name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        box.app.settings.change(name, value)
    assert box.app.settings.now() == InstanceSettings()


@pytest.mark.parametrize("word", ["true", "YES", "on", "1"])
def test_a_switch_is_written_in_several_ways(box: HubBox, word: str) -> None:
    box.app.settings.change("anonymous_reading", "false")
    assert box.app.settings.change("anonymous_reading", word).anonymous_reading is True
