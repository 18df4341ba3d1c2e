"""Counts a model's parameters from the headers of its weight files."""

from collections.abc import Callable, Collection, Mapping

from bearhug.base.content import Content
from bearhug.formats import gguf, safetensors
from bearhug.formats.gguf import GgufError
from bearhug.formats.safetensors import SafetensorsError, Tensor
from bearhug.formats.safetensors_counts import count_parameters
from bearhug.formats.values import Json
from bearhug.hub.cards.records import JsonObject

Open = Callable[[str], Content | None]
"""`open(path)`: the bytes of a file at this commit; None when they are not there."""

INDEX = ".index.json"
SINGLE = ".safetensors"
PLACES = (
    "model.safetensors",
    "adapter_model.safetensors",
    "transformer/diffusion_pytorch_model.safetensors",
    "unet/diffusion_pytorch_model.safetensors",
    "diffusion_pytorch_model.safetensors",
)
"""Where the weights of a model lie by convention; each may be replaced by the index of its shards."""
MOST_TENSORS = 1_000_000


def safetensors_summary(files: Collection[str], quantization: Mapping[str, Json], open_file: Open) -> JsonObject | None:
    """`{parameters: {type: count}, total, sharded}`; None without weights, or if a file of them cannot be read."""
    place = _place(files)
    try:
        paths = _shards(place, open_file) if place and place.endswith(INDEX) else [place] if place else []
        tensors: dict[str, Tensor] = {}
        for path in paths:
            content = open_file(path)
            if content is None or len(tensors) > MOST_TENSORS:
                return None
            tensors |= safetensors.read_header(content.read_at, content.size).tensors
    except SafetensorsError:
        return None
    counts = count_parameters(tensors, quantization)
    if not counts:
        return None
    return {"parameters": dict(counts), "total": sum(counts.values()), "sharded": len(paths) > 1}


def gguf_summary(files: Collection[str], open_file: Open) -> JsonObject | None:
    """The header of the first GGUF model, its parameters added up over all of its shards."""
    paths = sorted(path for path in files if path.lower().endswith(".gguf") and "mmproj" not in path.lower())
    try:
        headers = [_gguf_header(path, open_file) for path in gguf.shards(paths[0])] if paths else []
    except GgufError:
        return None
    if not headers:
        return None
    found: JsonObject = dict(headers[0].summary())
    found["total"] = sum(header.total for header in headers)
    return found


def _gguf_header(path: str, open_file: Open) -> gguf.Header:
    content = open_file(path)
    if content is None:
        raise GgufError("A part of the model is missing.")
    return gguf.read_header(content.read_at, content.size)


def _place(files: Collection[str]) -> str | None:
    """The weights, or the index of their shards; a lone file beside the card counts too."""
    for place in PLACES:
        for path in (place, place + INDEX):
            if path in files:
                return path
    lone = [path for path in files if path.endswith(SINGLE) and "/" not in path]
    return lone[0] if len(lone) == 1 else None


def _shards(index: str, open_file: Open) -> list[str]:
    content = open_file(index)
    if content is None or content.size > safetensors.LARGEST_INDEX:
        raise SafetensorsError("The index cannot be read.")
    folder = index.rpartition("/")[0]
    found = safetensors.parse_index(content.read_at(0, content.size))
    return [f"{folder}/{shard}" if folder else shard for shard in found.shards]
