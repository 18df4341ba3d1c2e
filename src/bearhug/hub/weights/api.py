"""GET safetensors-metadata."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, EntryNotFound, GatedRepo, RepoNotFound, Unprocessable
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.formats.safetensors import Header
from bearhug.hub.access.who import Who
from bearhug.hub.repos.wire import name_of
from bearhug.hub.weights.service import Weights


class WeightsApi:
    """Headers of weights by HTTP."""

    def __init__(self, weights: Weights, who: Who) -> None:
        self._weights = weights
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "GET",
                "/api/{types}/{ns}/{name}/safetensors-metadata/{path*}",
                self.headers,
                "Headers of a safetensors file, or of all shards of an index",
                audience="reader",
                returns="{headers: {file: {tensor: {dtype, shape, data_offsets}}}, index: {metadata}}",
                refuses=(RepoNotFound, GatedRepo, EntryNotFound, BadRequest, Unprocessable),
            )
        ]

    def headers(self, call: Call) -> Response:
        path, rev = call.params["path"], call.one("revision") or "main"
        found = self._weights.headers(self._who(call), name_of(call), rev, path)
        out: dict[str, Any] = {"headers": {name: _header(header) for name, header in found.headers.items()}}
        if found.index is not None:
            out["index"] = {"metadata": found.index}
        return json_answer(out)


def _header(header: Header) -> dict[str, Any]:
    tensors: dict[str, Any] = {
        name: {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [tensor.start, tensor.end]}
        for name, tensor in header.tensors.items()
    }
    return {**tensors, "__metadata__": header.metadata} if header.metadata else tensors
