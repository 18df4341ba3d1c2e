"""The rules for cards, and the words in which they are told."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.formats.values import Json
from bearhug.hub.cards.records import JsonObject, Review
from bearhug.hub.cards.validation import NO_METADATA, card_errors, review

KINDS = ("model", "dataset", "space")
RESULT: JsonObject = {
    "task": {"type": "text-classification"},
    "dataset": {"type": "ada/corpus", "name": "Corpus", "args": {"x": 1}},
    "metrics": [{"type": "accuracy", "value": 0}],
    "source": {"name": "here", "url": "http://hub.test"},
}


def _review(kind: str, **metadata: Json) -> Review:
    """The review of a card with this metadata; `__` in a key stands for a hyphen."""
    plain = {key.replace("__", "-"): value for key, value in metadata.items()}
    return review(kind, f"---\n{json.dumps(plain)}\n---\nbody")


def _index(**changed: Json) -> list[Json]:
    """A `model-index` of one result with some of its parts changed."""
    return [{"name": "x", "results": [RESULT | changed]}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", "# Title\n", "---\n---\n", "---\n# a remark\n---\n"])
def test_a_card_without_metadata_is_a_warning(kind: str, text: str) -> None:
    assert review(kind, text) == Review(warnings=(NO_METADATA,))


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_that_cannot_be_read_is_an_error_with_its_line(kind: str) -> None:
    (message,) = card_errors(kind, "---\nlicense: mit\nlanguage: {\n---\n")
    assert "README.md" in message
    assert "line" in message


def test_a_good_card_passes_in_silence() -> None:
    options: list[Json] = ["a", {"label": "B", "value": "b"}]
    good: JsonObject = {
        "license": "apache-2.0",
        "language": ["en", "zh", "zh-Hans", "no", "code", "multilingual", "yue"],
        "tags": ["a", "b"],
        "pipeline_tag": "fill-mask",
        "base_model": ["google-bert/bert-base-uncased", "gpt2"],
        "base_model_relation": "finetune",
        "datasets": ["ada/corpus"],
        "co2_eq_emissions": {"emissions": 1.5},
        "model-index": [{"name": "x", "results": [RESULT]}],
        "extra_gated_prompt": "Please",
        "extra_gated_fields": {"Name": "text", "Agree": "checkbox", "Use": {"type": "select", "options": options}},
    }
    assert _review("model", **good) == Review()


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"license": "apache2.0"}, 'Did you mean "apache-2.0"?'),
        ({"license": "my own words"}, "license_name"),
        ({"license": ["mit", {"a": 1}]}, '"license[1]"'),
        ({"language": "in English please"}, "two or three letters"),
        ({"language": [False]}, "in quotes"),
        ({"language": {"a": 1}}, "language code"),
        ({"tags": {"a": 1}}, "list of words"),
        ({"tags": ["a", ["b"]]}, '"tags[1]"'),
        ({"pipeline_tag": ["a", "b"]}, "one task"),
        ({"base_model_relation": "copy"}, "finetune, adapter, quantized, merge"),
        ({"base_model": {"a": 1}}, "owner/name"),
        ({"library_name": ["a"]}, "must be a text"),
        ({"extra_gated_prompt": 5}, '"extra_gated_prompt"'),
        ({"extra_gated_fields": ["Name"]}, "label to kind"),
        ({"extra_gated_fields": {"Name": "colour"}}, "date_picker"),
        ({"extra_gated_fields": {"Use": {"type": "select"}}}, "options"),
    ],
)
def test_what_would_mislead_readers_is_an_error_that_says_what_to_do(metadata: JsonObject, message: str) -> None:
    found = _review("model", **metadata)
    assert len(found.errors) == 1
    assert message in found.errors[0]


@pytest.mark.parametrize(
    ("kind", "metadata", "message"),
    [
        ("model", {"pipeline_tag": "text-clasification"}, 'Did you mean "text-classification"?'),
        ("model", {"language": "English"}, 'write "en"'),
        ("model", {"language": "zzzzz"}, "language code"),
        ("model", {"license": "other"}, "license_name"),
        ("model", {"base_model": "/home/ada/out"}, "owner/name"),
        ("model", {"co2_eq_emissions": "much"}, "grams"),
        ("model", {"tags": ["x" * 300]}, "left out"),
        ("dataset", {"task_categories": ["text-clasification"]}, "Did you mean"),
        ("dataset", {"size_categories": "1K"}, "known words"),
        ("space", {"title": "x"}, "gradio, docker or static"),
        ("space", {"sdk": "gradio", "sdk_version": 4.1}, "in quotes"),
    ],
)
def test_what_is_merely_odd_is_a_warning(kind: str, metadata: JsonObject, message: str) -> None:
    found = _review(kind, **metadata)
    assert found.errors == ()
    assert len(found.warnings) == 1
    assert message in found.warnings[0]


@pytest.mark.parametrize(
    ("index", "place"),
    [
        ("x", '"model-index" must be a list'),
        ([1], '"model-index[0]" must be an object'),
        ([{"results": []}], '"model-index[0].name" is required'),
        ([{"name": "x"}], '"model-index[0].results" must be a list'),
        ([{"name": "x", "results": [1]}], '"model-index[0].results[0]" must be'),
        (_index(task={}), "results[0].task.type"),
        (_index(dataset={"type": "a"}), "results[0].dataset.name"),
        (_index(dataset={"type": "a", "name": "b", "args": 1}), "dataset.args"),
        (_index(metrics={}), "results[0].metrics"),
        (_index(metrics=[{"value": 1}]), "metrics[0].type"),
        (_index(metrics=[{"type": "a"}]), "metrics[0].value"),
        (_index(source={"name": "a"}), "source.url"),
    ],
)
def test_results_that_clients_cannot_read_are_an_error_with_their_place(index: Json, place: str) -> None:
    found = _review("model", model__index=index)
    assert len(found.errors) == 1
    assert place in found.errors[0]


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"configs": {"a": 1}}, "list of at most"),
        ({"configs": [{}]}, '"configs[0].config_name" is required'),
        ({"configs": [{"config_name": "a"}, {"config_name": "a"}]}, "used twice"),
        ({"configs": [{"config_name": "a", "default": True}, {"config_name": "b", "default": True}]}, "default"),
        ({"configs": [{"config_name": "a", "data_files": "../x"}]}, "inside of the repository"),
        ({"configs": [{"config_name": "a", "data_files": ["/etc/passwd"]}]}, "inside of the repository"),
        ({"configs": [{"config_name": "a", "data_files": [{"path": "x"}]}]}, "a split and a path"),
        ({"dataset_info": "x"}, "features and splits"),
        ({"dataset_info": [{"features": {"a": 1}}]}, '"dataset_info[0].features"'),
        ({"task_ids": [{"a": 1}]}, '"task_ids[0]"'),
    ],
)
def test_data_sets_have_rules_of_their_own(metadata: JsonObject, message: str) -> None:
    found = _review("dataset", **metadata)
    assert len(found.errors) == 1
    assert message in found.errors[0]


def test_a_data_set_with_configurations_passes() -> None:
    configs: list[Json] = [
        {"config_name": "a", "default": True, "data_files": [{"split": "train", "path": ["a/*.csv", "b/*.csv"]}]},
        {"config_name": "b", "data_files": "b.csv", "data_dir": "b"},
    ]
    assert _review("dataset", configs=configs, dataset_info={"features": [], "splits": []}) == Review()


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"sdk": "gradioo"}, "gradio, docker, static"),
        ({"colorFrom": "crimson"}, "red, yellow"),
        ({"header": "large"}, "mini or default"),
        ({"short_description": "x" * 61}, "60 characters"),
        ({"app_port": 0}, "65535"),
        ({"app_port": "x"}, "65535"),
        ({"app_file": "../app.py"}, "path of a file"),
        ({"app_file": ".git/config"}, "path of a file"),
        ({"startup_duration_timeout": "soon"}, "30m"),
        ({"hf_oauth": "yes"}, "true or false"),
        ({"hf_oauth_expiration_minutes": 50_000}, "43200"),
        ({"custom_headers": {"set-cookie": "x"}}, "cannot be set"),
        ({"custom_headers": "x"}, "header to value"),
    ],
)
def test_spaces_have_rules_of_their_own(metadata: JsonObject, message: str) -> None:
    found = _review("space", **({"sdk": "gradio"} | metadata))
    assert len(found.errors) == 1
    assert message in found.errors[0]


def test_a_card_full_of_mistakes_is_told_in_bounds() -> None:
    found = _review("model", license=["x" * 5000] * 150, tags=[{}] * 150)
    assert len(found.errors) == 100
    assert all(len(message) < 500 for message in found.errors)


_JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "name results task dataset metrics type value source url config_name data_files split path".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)
_KEYS = (
    "license language tags pipeline_tag base_model datasets model-index configs dataset_info task_ids sdk app_file "
    "custom_headers extra_gated_fields co2_eq_emissions colorFrom short_description"
).split()


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(KINDS), metadata=st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=5))
def test_whatever_is_written_it_is_reviewed(kind: str, metadata: JsonObject) -> None:
    found = review(kind, f"---\n{json.dumps(metadata, ensure_ascii=False)}\n---\n")
    assert all(message.strip() for message in (*found.errors, *found.warnings))
