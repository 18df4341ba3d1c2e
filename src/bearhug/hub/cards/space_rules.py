"""Rules for the cards of Spaces, which are their configuration."""

import re
from collections.abc import Callable, Iterator

from bearhug.formats.paths import PathError, check_path
from bearhug.formats.values import Json, mapping_of, text_of, whole_of
from bearhug.hub.cards.findings import Finding, error, is_missing, shown, warning
from bearhug.hub.cards.records import JsonObject

SDKS = ("gradio", "docker", "static", "streamlit")
COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
HEADERS = ("cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy")
LONGEST_SHORT_DESCRIPTION = 60
LONGEST_SIGN_IN = 43_200
_DURATION = re.compile(r"[0-9]{1,5}(?:s|m|h|d)")


def space_findings(metadata: JsonObject) -> Iterator[Finding]:
    """What keeps a Space from being shown or run as its card says."""
    yield from _sdk(metadata)
    for key, (good, advice) in VALUES.items():
        value = metadata.get(key)
        if not is_missing(value) and not good(value):
            yield error(f'"{key}": "{shown(value)}" {advice}')
    for key in mapping_of(metadata.get("custom_headers")):
        if key.lower() not in HEADERS:
            yield error(f'"custom_headers.{shown(key)}" cannot be set. These can: {", ".join(HEADERS)}.')
    for key in ("sdk_version", "python_version"):
        if isinstance(metadata.get(key), float):
            yield warning(f'"{key}" should stand in quotes: as a number 4.10 means 4.1.')


def _sdk(metadata: JsonObject) -> Iterator[Finding]:
    sdk = metadata.get("sdk")
    if is_missing(sdk):
        yield warning('"sdk" is missing: say gradio, docker or static.')
    elif sdk not in SDKS:
        yield error(f'"sdk": "{shown(sdk)}" must be one of {", ".join(SDKS)}.')


def _is_port(value: Json) -> bool:
    number = whole_of(value)
    return number is not None and 1 <= number <= 65_535


def _is_minutes(value: Json) -> bool:
    number = whole_of(value)
    return number is not None and 0 < number <= LONGEST_SIGN_IN


def _is_short(value: Json) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_SHORT_DESCRIPTION


def _is_path(value: Json) -> bool:
    try:
        check_path(text_of(value) or "")
    except PathError:
        return False
    return True


def _is_duration(value: Json) -> bool:
    return bool(_DURATION.fullmatch(text_of(value) or ""))


def _is_switch(value: Json) -> bool:
    return isinstance(value, bool)


_COLOUR = (lambda value: value in COLOURS, f"must be one of {', '.join(COLOURS)}.")
_SWITCH = (_is_switch, "must be true or false.")
VALUES: dict[str, tuple[Callable[[Json], bool], str]] = {
    "colorFrom": _COLOUR,
    "colorTo": _COLOUR,
    "header": (lambda value: value in ("mini", "default"), "must be mini or default."),
    "short_description": (_is_short, f"may have at most {LONGEST_SHORT_DESCRIPTION} characters."),
    "app_port": (_is_port, "must be a port from 1 to 65535."),
    "app_file": (_is_path, "must be the path of a file in this repository."),
    "startup_duration_timeout": (_is_duration, "must be a time such as 30m or 1h."),
    "hf_oauth_expiration_minutes": (_is_minutes, f"must be a number of minutes up to {LONGEST_SIGN_IN}."),
    "hf_oauth": _SWITCH,
    "pinned": _SWITCH,
    "fullWidth": _SWITCH,
    "disable_embedding": _SWITCH,
    "custom_headers": (lambda value: isinstance(value, dict), "must be an object: header to value."),
}
"""What a value must be, and the words for those that are not."""
