"""Names of users and organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hubbox import HubBox

from bearhug.base.errors import BadRequest
from bearhug.hub.accounts import names


@pytest.mark.parametrize("name", ["ada", "Ada-Lovelace", "a1", "x.y_z", "7zip", "a" * 96, "under_"])
def test_good_names_are_taken_as_they_are(name: str) -> None:
    assert names.check(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "a", "a" * 97, "-a", "a-", ".a", "a.", "a--b", "a..b", "a b", "a/b", "ädä", "名字", "a\n", "a\0b", "../x"],
)
def test_names_that_break_a_rule_are_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        names.check(name)


@pytest.mark.parametrize("name", ["api", "Datasets", "SPACES", "models", "settings", "login", "oauth", "new", "static"])
def test_names_that_are_addresses_of_the_hub_are_reserved(name: str) -> None:
    with pytest.raises(BadRequest, match="reserved"):
        names.check(name)


@pytest.mark.parametrize("name", ["ada.git", "notes.ipynb", "feed.atom"])
def test_names_that_look_like_files_are_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        names.check(name)


@given(st.text(max_size=120))
def test_whatever_passes_can_stand_in_an_address(text: str) -> None:
    try:
        name = names.check(text)
    except BadRequest:
        return
    assert name.isascii()
    assert not set(name) & set("/\\%?#:@ \t\n\0")
    assert name not in (".", "..")


def test_no_address_of_the_hub_can_be_somebodys_name(box: HubBox) -> None:
    first = {row.path.split("/")[1] for row in box.app.edge.router.rows}
    assert {word for word in first if word.isalpha()} - names.RESERVED == set()
