"""Rules for `extra_gated_…`: the form that people fill in before they get a gated repository."""

from collections.abc import Iterator

from bearhug.formats.values import Json, list_of, mapping_of, text_of
from bearhug.hub.cards.findings import Finding, error, shown
from bearhug.hub.cards.records import JsonObject

TEXTS = (
    "extra_gated_prompt",
    "extra_gated_heading",
    "extra_gated_description",
    "extra_gated_button_content",
)
INPUTS = ("text", "checkbox", "date_picker", "country", "select")
MOST_FIELDS = 100


def gating_findings(metadata: JsonObject) -> Iterator[Finding]:
    """What keeps the form from being shown."""
    for key in TEXTS:
        if key in metadata and not isinstance(metadata[key], str | None):
            yield error(f'"{key}" must be a text.')
    fields = metadata.get("extra_gated_fields")
    if fields is None:
        return
    if not isinstance(fields, dict) or len(fields) > MOST_FIELDS:
        yield error(f'"extra_gated_fields" must be an object of at most {MOST_FIELDS} fields: label to kind of input.')
        return
    for label, value in fields.items():
        yield from _field(f"extra_gated_fields.{shown(label)}", value)


def _field(place: str, value: Json) -> Iterator[Finding]:
    described = mapping_of(value)
    kind = text_of(described.get("type") if described else value)
    if kind not in INPUTS:
        yield error(f'"{place}" must be one of {", ".join(INPUTS)}.')
    elif kind == "select":
        options = list_of(described.get("options"))
        texts = [mapping_of(option).get("value") if isinstance(option, dict) else option for option in options]
        if not texts or not all(isinstance(text, str) for text in texts):
            yield error(f'"{place}.options" must be a list of texts, or of objects with label and value.')
