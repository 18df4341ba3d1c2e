"""What a card gets wrong is told in the reader's language."""

import pytest

from bearhug.base.html import languages
from bearhug.hub.cards.validation import review

BAD = {
    "model": """license: apache
language: [english, 7]
tags: [{a: 1}]
pipeline_tag: text-clasification
base_model_relation: odd
base_model: [a/b/c, {x: y}]
datasets: a/b/c
co2_eq_emissions: -1
extra_gated_heading: [x]
extra_gated_fields: {Name: wrong, Pick: {type: select}}
model-index: [{results: [{task: {}, dataset: {args: 3}, metrics: [{}]}]}, 3, {name: x, results: 1}]
""",
    "dataset": """license: []
language: [eng]
task_categories: [text-clasification, {a: b}, zzz]
configs: [{config_name: a, data_files: [{split: train}, /etc]}, {config_name: a, default: true}, {default: true}]
dataset_info: [3, {features: 3}]
""",
    "space": """sdk: odd
license: other
colorFrom: pink-ish
header: big
short_description: [x]
app_port: 99999
app_file: ../x
startup_duration_timeout: long
hf_oauth_expiration_minutes: 0
pinned: maybe
custom_headers: {cookie: x}
python_version: 3.10
""",
}


@pytest.mark.parametrize("kind", BAD)
def test_every_finding_of_a_card_is_translated(kind: str) -> None:
    said = languages.speaker("zh", languages.translations("zh"))
    found = review(kind, f"---\n{BAD[kind]}---\n")
    told = [*found.errors, *found.warnings]
    assert len(told) > 8
    assert [message for message in told if said(message) == message] == []


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "a: 1\na: 2", "- a", "a: !!python/name:x y", "a: *b", "[a]: b"])
def test_metadata_that_cannot_be_read_is_told_in_the_own_language(text: str) -> None:
    said = languages.speaker("zh", languages.translations("zh"))
    (message,) = review("model", f"---\n{text}\n---\n").errors
    assert not set(said(message).partition("：")[2].split()) & {"the", "is", "a", "not", "key", "line", "allowed"}
