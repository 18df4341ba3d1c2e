"""The OpenAPI 3.1 document, made from the endpoint rows."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bearhug.base.http.rows import Row

_PARAMETER = re.compile(r"\{(\w+)\*?\}")
_MEDIA = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "ndjson": "application/x-ndjson",
    "bytes": "application/octet-stream",
}


Choices = Mapping[str, Mapping[str, str]]
"""Parameters that stand for one of a few words, as the router knows them."""


def document(rows: Iterable[Row], *, title: str, version: str, choices: Choices) -> dict[str, Any]:
    """Every JSON endpoint by path and method; pages are for people and left out."""
    paths: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.path, row.method)):
        if not row.page:
            paths.setdefault(row.path.replace("*}", "}"), {})[row.method.lower()] = _operation(row, choices)
    return {"openapi": "3.1.0", "info": {"title": title, "version": version}, "paths": paths}


def _operation(row: Row, choices: Choices) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": row.returns}}
    for error in row.refuses:
        known = responses.setdefault(str(error.status), {"description": ""})
        known["description"] = ", ".join(filter(None, [known["description"], error.code or error.__name__]))
    operation: dict[str, Any] = {
        "summary": row.summary,
        "operationId": f"{row.function.__module__}.{row.function.__qualname__}",
        "x-audience": row.audience,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": _schema(name, choices)}
            for name in _PARAMETER.findall(row.path)
        ],
        "responses": responses,
    }
    if row.body != "none":
        operation["requestBody"] = {"content": {_MEDIA[row.body]: {}}}
    return operation


def _schema(name: str, choices: Choices) -> dict[str, Any]:
    words = choices.get(name)
    return {"type": "string"} if words is None else {"type": "string", "enum": list(words)}
