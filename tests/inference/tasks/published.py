"""The JSON schemas that @huggingface/tasks (MIT) publishes for tasks; `.ci/vendored` fetches them into `../schemas`."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator
from referencing import Registry
from referencing.jsonschema import DRAFT6

FOLDER = Path(__file__).parent.parent / "schemas"
COMMON = "common-definitions.json"
TASKS = frozenset(path.name for path in FOLDER.iterdir() if path.is_dir())


@cache
def validator(task: str, which: str) -> Draft6Validator:
    """`which` is input, output or stream_output."""
    shared = {f"/inference/schemas/{COMMON}": DRAFT6.create_resource(_read(COMMON))}
    return Draft6Validator(document(task, which), registry=Registry().with_resources(shared.items()))


def document(task: str, which: str) -> Any:
    """The schema itself."""
    return _read(f"{task}/{which}.json")


def parameters(task: str) -> dict[str, Any]:
    """What the input of a task may have as parameters, each with its schema."""
    schema = document(task, "input")
    here = schema["properties"].get("parameters")
    if here is None:  # they stand beside the inputs
        found = {name: one for name, one in schema["properties"].items() if name != "inputs"}
    else:
        found = _pointed(schema, here).get("properties", {})
    return {name: _pointed(schema, one) for name, one in found.items()}


def _pointed(schema: Any, one: Any) -> Any:
    """What a reference points at."""
    while "$ref" in one or "allOf" in one:
        place = one["$ref"] if "$ref" in one else one["allOf"][0]["$ref"]
        document, _, inside = place.partition("#/")
        one = _read(COMMON) if document else schema
        for step in inside.split("/"):
            one = one[step]
    return one


def _read(name: str) -> Any:
    return _mended(json.loads((FOLDER / name).read_text()))


def _mended(one: Any) -> Any:
    """`nullable`, which is OpenAPI's, as JSON Schema says it; required names written as the properties are."""
    if isinstance(one, list):
        return [_mended(item) for item in one]
    if not isinstance(one, dict):
        return one
    found = {key: _mended(value) for key, value in one.items()}
    named = found.get("properties", {})
    if isinstance(found.get("required"), list):
        found["required"] = [name if name in named else _snake(name) for name in found["required"]]
    if found.pop("nullable", False) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
