"""The rules for card metadata: errors refuse a commit or a push, warnings are shown."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bearhug.formats.front_matter import FrontMatterError, split
from bearhug.formats.values import text_of
from bearhug.hub.cards.dataset_rules import dataset_findings
from bearhug.hub.cards.findings import Finding, did_you_mean, error, is_missing, positions, shown, warning
from bearhug.hub.cards.gating_rules import gating_findings
from bearhug.hub.cards.model_index_rules import model_index_findings
from bearhug.hub.cards.reading import LONGEST, is_repo_id
from bearhug.hub.cards.records import JsonObject, Review
from bearhug.hub.cards.relations import RELATIONS
from bearhug.hub.cards.space_rules import space_findings
from bearhug.hub.cards.vocabulary import LICENCES, TASK_IDS, language_codes, language_label, languages

NO_METADATA = "empty or missing yaml metadata in repo card"
MOST_FINDINGS = 100
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def review(kind: str, text: str) -> Review:
    """Check a card's text. Metadata that cannot be read is an error; a card without any only a warning."""
    try:
        metadata, _ = split(text)
    except FrontMatterError as problem:
        return Review(errors=(f"The metadata in README.md cannot be read: {problem}",))
    if not metadata:
        return Review(warnings=(NO_METADATA,))
    found = list(islice(_findings(kind, metadata), MOST_FINDINGS))
    return Review(
        tuple(finding.message for finding in found if finding.grave),
        tuple(finding.message for finding in found if not finding.grave),
    )


def card_errors(kind: str, text: str) -> tuple[str, ...]:
    """Only what refuses a commit or a push."""
    return review(kind, text).errors


def _findings(kind: str, metadata: JsonObject) -> Iterator[Finding]:
    yield from _licences(metadata)
    yield from _languages(metadata)
    yield from _tags(metadata)
    yield from gating_findings(metadata)
    yield from OF_KIND[kind](metadata)


def _licences(metadata: JsonObject) -> Iterator[Finding]:
    licence = metadata.get("license")
    for place, value in positions(licence) if "license" in metadata else ():
        text = text_of(value)
        if text is None:
            if not is_missing(value):
                yield error(f'"license{place}" must be a licence id such as "apache-2.0".')
        elif text.lower() not in LICENCES:
            yield error(
                f'"license{place}": "{shown(value)}" is not a known licence id.{did_you_mean(text, LICENCES)} For any '
                'other licence write "license: other" with license_name and license_link.'
            )
        elif text == "other" and not text_of(metadata.get("license_name")):
            yield warning('"license: other" should come with license_name, and license_link to its text.')


def _languages(metadata: JsonObject) -> Iterator[Finding]:
    for place, value in positions(metadata.get("language")):
        if is_missing(value):
            continue
        text = text_of(value)
        name = f'"language{place}"'
        if text is None or isinstance(value, bool | int | float):
            yield error(f'{name} must be a language code such as "en" or "zh", in quotes if YAML reads it otherwise.')
        elif text.lower() in language_codes() and text.lower() not in languages():
            yield warning(f'{name}: write "{language_codes()[text.lower()]}" instead of "{shown(value)}".')
        elif language_label(text) is not None:
            continue
        elif not _LANGUAGE.fullmatch(text):
            yield error(f'{name}: "{shown(value)}" is not a language code. Use two or three letters such as "en".')
        elif len(text) > 3:
            yield warning(f'{name}: "{shown(value)}" is not a known language code such as "en" or "zh".')


def _tags(metadata: JsonObject) -> Iterator[Finding]:
    if "tags" not in metadata:
        return
    if isinstance(metadata["tags"], dict):
        yield error('"tags" must be a list of words.')
        return
    for place, value in positions(metadata["tags"]):
        if isinstance(value, dict | list):
            yield error(f'"tags{place}" must be a word.')
        elif (text := text_of(value)) and len(text) > LONGEST:
            yield warning(f'"tags{place}" is longer than {LONGEST} characters and is left out.')


def _model(metadata: JsonObject) -> Iterator[Finding]:
    yield from _task(metadata)
    for key in ("library_name", "base_model_relation", "new_version", "thumbnail", "mask_token"):
        if isinstance(metadata.get(key), list | dict):
            yield error(f'"{key}" must be a text.')
    relation = text_of(metadata.get("base_model_relation"))
    if relation and relation not in RELATIONS:
        yield error(f'"base_model_relation": "{shown(relation)}" must be one of {", ".join(RELATIONS)}.')
    for key in ("base_model", "datasets", "new_version"):
        yield from _repo_ids(metadata, key)
    if "model-index" in metadata:
        yield from model_index_findings(metadata["model-index"])
    yield from _emissions(metadata)


def _task(metadata: JsonObject) -> Iterator[Finding]:
    value = metadata.get("pipeline_tag")
    if is_missing(value):
        return
    text = text_of(value)
    if text is None:
        yield error('"pipeline_tag" must be one task such as "text-classification".')
    elif text not in TASK_IDS:
        yield warning(f'"pipeline_tag": "{shown(value)}" is not a known task.{did_you_mean(text, TASK_IDS)}')


def _repo_ids(metadata: JsonObject, key: str) -> Iterator[Finding]:
    for place, value in positions(metadata.get(key)):
        if isinstance(value, dict | list):
            yield error(f'"{key}{place}" must be a repository id such as "owner/name".')
        elif not is_missing(value) and not is_repo_id(text_of(value) or ""):
            yield warning(f'"{key}{place}": "{shown(value)}" is not a repository id such as "owner/name".')


def _emissions(metadata: JsonObject) -> Iterator[Finding]:
    value = metadata.get("co2_eq_emissions")
    grams = value.get("emissions") if isinstance(value, dict) else value
    if not is_missing(value) and (not isinstance(grams, int | float) or isinstance(grams, bool) or grams < 0):
        yield warning('"co2_eq_emissions" must be grams, or an object with "emissions" in grams.')


def _dataset(metadata: JsonObject) -> Iterator[Finding]:
    yield from dataset_findings(metadata)
    for key in ("models", "datasets"):
        yield from _repo_ids(metadata, key)


def _space(metadata: JsonObject) -> Iterator[Finding]:
    yield from space_findings(metadata)
    for key in ("models", "datasets"):
        yield from _repo_ids(metadata, key)


OF_KIND: dict[str, Callable[[JsonObject], Iterator[Finding]]] = {"model": _model, "dataset": _dataset, "space": _space}
"""The rules of each kind of repository."""
