"""Facts about Spaces."""

from bearhug.hub.cards.records import Source
from bearhug.hub.cards.space_facts import derive


def test_a_space_tells_its_sdk_and_what_it_uses() -> None:
    found = derive(
        Source(
            "space",
            {
                "title": "Demo",
                "sdk": "gradio",
                "models": ["ada/tiny", "no good"],
                "datasets": "ada/corpus",
                "tags": ["fun"],
                "license": "mit",
                "short_description": "Says hello",
            },
        ),
        "ada/demo",
    )
    assert found.tags == ("gradio", "fun", "license:mit", "region:us")
    assert (found.sdk, found.models, found.datasets) == ("gradio", ("ada/tiny",), ("ada/corpus",))
    assert found.description == "Says hello"


def test_a_space_without_a_card_is_a_space() -> None:
    found = derive(Source("space", {"sdk": {"a": 1}, "models": 7}), "ada/demo")
    assert (found.sdk, found.tags) == (None, ("region:us",))
