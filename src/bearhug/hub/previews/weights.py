"""Weight files: what their headers say, without a tensor being read."""

from dataclasses import dataclass

from bearhug.formats import gguf, safetensors
from bearhug.hub.previews.records import Sight, Unreadable

SHOWN = 200
MOST_FACTS = 40
LONGEST_FACT = 300


@dataclass(frozen=True)
class Tensor:
    """A tensor as a row of a table."""

    name: str
    kind: str
    shape: str


@dataclass(frozen=True)
class Weights:
    """`kinds` are parameters by element type, `facts` the free metadata of the file."""

    parameters: int
    kinds: dict[str, int]
    count: int
    tensors: list[Tensor]
    facts: list[tuple[str, str]]


def tensors_of_safetensors(sight: Sight) -> Weights:
    """The header of a safetensors file."""
    try:
        header = safetensors.read_header(sight.content.read_at, sight.size)
    except safetensors.SafetensorsError as error:
        raise Unreadable(str(error)) from error
    kinds = header.parameters
    shown = [Tensor(name, item.dtype, _shape(item.shape)) for name, item in list(header.tensors.items())[:SHOWN]]
    facts = [(key[:LONGEST_FACT], value[:LONGEST_FACT]) for key, value in list(header.metadata.items())[:MOST_FACTS]]
    return Weights(sum(kinds.values()), kinds, len(header.tensors), shown, facts)


def tensors_of_gguf(sight: Sight) -> Weights:
    """The header of a GGUF file."""
    try:
        header = gguf.read_header(sight.content.read_at, sight.size)
    except gguf.GgufError as error:
        raise Unreadable(str(error)) from error
    shown = [Tensor(item.name, str(item.kind), _shape(item.shape)) for item in header.tensors[:SHOWN]]
    plain = [(key, str(value)[:LONGEST_FACT]) for key, value in header.metadata.items() if _is_plain(value)]
    label = gguf.quantisation(sight.path.rpartition("/")[2])
    kinds = {label: header.total} if label else {}
    return Weights(header.total, kinds, len(header.tensors), shown, plain[:MOST_FACTS])


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "–"
