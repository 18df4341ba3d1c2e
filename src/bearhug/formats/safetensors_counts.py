"""How many parameters a model has, where quantised weights are packed several to an element.

What a packed tensor holds is told by the tensors beside it (scales, zero points, quantisation states); only the width
comes from `quantization_config`. Those helpers are bookkeeping and are not counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bearhug.formats.safetensors import BITS, LARGEST_COUNT, Tensor
from bearhug.formats.values import Json, mapping_of, text_of, whole_of

SCALES_ONLY = frozenset({"F8_E8M0"})
"""Types that only ever hold scales."""
HELPERS = frozenset(
    "qzeros g_idx weight_scale weight_scale_2 weight_scale_inv weight_global_scale weight_zero_point weight_shape "
    "weight_g_idx input_scale input_global_scale input_zero_point absmax quant_map nested_absmax nested_quant_map "
    "bitsandbytes__nf4 bitsandbytes__fp4 SCB weight_format".split()
)
"""Last names of tensors that help to unpack others."""
DEFAULT_WIDTH = 4


@dataclass(frozen=True)
class Packing:
    """Bits of one weight where several share an element."""

    width: int

    @classmethod
    def of(cls, quantization: Mapping[str, Json]) -> "Packing":
        """From `quantization_config` (or MLX's `quantization`); 4 bits where it says nothing usable."""
        said = [quantization.get("bits"), quantization.get("w_bit"), *_group_widths(quantization)]
        widths = [width for value in said if (width := whole_of(value)) is not None and 1 <= width <= 8]
        if not widths and text_of(quantization.get("load_in_8bit")) == "true":
            return cls(8)
        return cls(widths[0] if widths else DEFAULT_WIDTH)


def count_parameters(tensors: Mapping[str, Tensor], quantization: Mapping[str, Json]) -> dict[str, int]:
    """Parameters by stored type. `tensors` are those of all shards together."""
    packing = Packing.of(quantization) if quantization else None
    modules = {name.rpartition(".")[0] for name in tensors if name.endswith((".scales", ".qweight"))}
    counts: dict[str, Fraction] = {}
    for name, tensor in tensors.items():
        factor = _factor(name, tensor, tensors, modules, packing)
        if factor:
            counts[tensor.dtype] = counts.get(tensor.dtype, Fraction(0)) + tensor.elements * factor
    return {dtype: min(int(count), LARGEST_COUNT) for dtype, count in counts.items() if count}


def _factor(
    name: str, tensor: Tensor, tensors: Mapping[str, Tensor], modules: Iterable[str], packing: Packing | None
) -> Fraction:
    """Weights in each element; 0 for helpers."""
    module, _, last = name.rpartition(".")
    if tensor.dtype in SCALES_ONLY:
        return Fraction(0)
    if packing is None:
        return Fraction(1)
    if last in HELPERS or (last in {"scales", "biases"} and module in modules) or last.endswith("_scales"):
        return Fraction(0)
    if _is_packed(name, last, tensor, tensors):
        return Fraction(max(BITS[tensor.dtype], packing.width), packing.width)
    return Fraction(1)


def _is_packed(name: str, last: str, tensor: Tensor, tensors: Mapping[str, Tensor]) -> bool:
    """Whether helpers beside a tensor of whole numbers tell that its elements hold several weights."""
    if tensor.dtype not in {"U8", "I8", "I16", "U16", "I32", "U32"}:
        return False
    if last in {"qweight", "weight_packed"} or last.endswith("_blocks"):
        return True
    module = name.removesuffix(f".{last}")
    if tensor.dtype == "U32" and last == "weight":
        return f"{module}.scales" in tensors
    return tensor.dtype == "U8" and (f"{name}.absmax" in tensors or f"{module}.weight_scale_2" in tensors)


def _group_widths(quantization: Mapping[str, Json]) -> list[Json]:
    """`num_bits` of compressed-tensors' groups."""
    groups = mapping_of(quantization.get("config_groups")).values()
    return [mapping_of(mapping_of(group).get("weights")).get("num_bits") for group in groups]
