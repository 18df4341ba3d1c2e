"""Routing by percent-encoded segments."""

import pytest

from bearhug.base.http.answers import ok
from bearhug.base.http.router import Match, Router, WrongMethod, expand
from bearhug.base.http.rows import Row

CHOICES = {"types": {"models": "model", "datasets": "dataset"}, "kind": {"": "model", "datasets": "dataset"}}


def router(*templates: str) -> Router:
    return Router(
        [Row(method, path, lambda _call: ok(), "") for method, path in (t.split(" ") for t in templates)], CHOICES
    )


def params(found: object) -> dict[str, str]:
    assert isinstance(found, Match)
    return found.params


def test_an_encoded_slash_stays_inside_its_segment() -> None:
    routes = router("GET /api/{types}/{ns}/{name}/tree/{rev}/{path*}")
    found = params(routes.find("GET", "/api/models/ada/m/tree/refs%2Fpr%2F3/a%20b%2Fc"))
    assert found == {"types": "model", "ns": "ada", "name": "m", "rev": "refs/pr/3", "path": "a b/c"}


def test_the_rest_of_a_path_may_be_empty() -> None:
    assert (
        params(router("GET /api/{types}/{ns}/{name}/tree/{rev}/{path*}").find("GET", "/api/models/a/m/tree/main"))[
            "path"
        ]
        == ""
    )


def test_exact_words_win_over_parameters() -> None:
    routes = router("GET /api/{types}/{ns}/{name}", "GET /api/models/search/{name}")
    assert "ns" not in params(routes.find("GET", "/api/models/search/x"))
    assert params(routes.find("GET", "/api/models/ada/x"))["ns"] == "ada"


def test_a_word_that_leads_nowhere_is_tried_as_a_parameter() -> None:
    routes = router("GET /{kind}/{ns}/{name}/resolve/{rev}/{path*}")
    assert params(routes.find("GET", "/datasets/ada/d/resolve/main/x"))["kind"] == "dataset"
    assert params(routes.find("GET", "/ada/m/resolve/main/x")) == {
        "kind": "model",
        "ns": "ada",
        "name": "m",
        "rev": "main",
        "path": "x",
    }


def test_head_is_answered_by_get() -> None:
    assert isinstance(router("GET /health").find("HEAD", "/health"), Match)


def test_the_wrong_method_is_told_the_right_ones() -> None:
    found = router("GET /a/{x}", "PUT /a/{y}").find("POST", "/a/1")
    assert found == WrongMethod(("GET", "PUT"))


def test_an_unknown_address_is_none() -> None:
    assert router("GET /a").find("GET", "/b") is None


def test_two_endpoints_for_one_address_are_refused() -> None:
    with pytest.raises(ValueError, match="two endpoints"):
        router("GET /a/{x}", "GET /a/{x}")


def test_choices_become_one_path_each() -> None:
    assert expand("/{kind}/{ns}", CHOICES) == [("/{ns}", {"kind": "model"}), ("/datasets/{ns}", {"kind": "dataset"})]


def test_bytes_that_are_no_text_are_spelled() -> None:
    assert params(router("GET /a/{x}").find("GET", "/a/%ff%fe"))["x"] == "\ufffdFF\ufffdFE"
