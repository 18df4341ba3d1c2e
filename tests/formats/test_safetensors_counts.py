"""Parameters of quantised models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.safetensors import BITS, Tensor
from bearhug.formats.safetensors_counts import count_parameters
from bearhug.formats.values import Json

PLAIN = {"norm.weight": ("F16", 10)}


def _tensors(sizes: dict[str, tuple[str, int]]) -> dict[str, Tensor]:
    return {name: Tensor(dtype, (count,), 0, 0) for name, (dtype, count) in sizes.items()}


@pytest.mark.parametrize(
    ("quantization", "sizes", "counts"),
    [
        ({}, {"w.weight": ("F32", 100), "scale": ("F8_E8M0", 5)}, {"F32": 100, "F16": 10}),
        (
            {"quant_method": "gptq", "bits": 4},
            {"l.qweight": ("I32", 100), "l.qzeros": ("I32", 5), "l.scales": ("F16", 7), "l.g_idx": ("I32", 9)},
            {"I32": 800, "F16": 10},
        ),
        ({"quant_method": "gptq", "bits": 3}, {"l.qweight": ("I32", 96)}, {"I32": 1024, "F16": 10}),
        (
            {"quant_method": "bitsandbytes", "load_in_4bit": True},
            {
                "l.weight": ("U8", 50),
                "l.weight.absmax": ("U8", 3),
                "l.weight.quant_map": ("F32", 16),
                "l.weight.quant_state.bitsandbytes__nf4": ("U8", 80),
                "codes": ("U8", 4),
            },
            {"U8": 104, "F16": 10},
        ),
        (
            {"quant_method": "bitsandbytes", "load_in_8bit": True},
            {"l.weight": ("I8", 50), "l.SCB": ("F32", 5), "l.weight_format": ("U8", 1)},
            {"I8": 50, "F16": 10},
        ),
        (
            {"quant_method": "mxfp4"},
            {"m.experts.gate_up_proj_blocks": ("U8", 64), "m.experts.gate_up_proj_scales": ("U8", 4)},
            {"U8": 128, "F16": 10},
        ),
        (
            {"quant_method": "compressed-tensors", "config_groups": {"g": {"weights": {"num_bits": 8}}}},
            {"l.weight_packed": ("I32", 25), "l.weight_scale": ("F16", 4), "l.weight_shape": ("I64", 2)},
            {"I32": 100, "F16": 10},
        ),
        (
            {"bits": 4, "group_size": 64},
            {"l.weight": ("U32", 10), "l.scales": ("F16", 3), "l.biases": ("F16", 3), "own.scales": ("F16", 1)},
            {"U32": 80, "F16": 10},
        ),
        (
            {"quant_method": "fp8"},
            {"l.weight": ("F8_E4M3", 10), "l.weight_scale_inv": ("F32", 1)},
            {"F8_E4M3": 10, "F16": 10},
        ),
        ({"bits": "four"}, {"l.qweight": ("I32", 1)}, {"I32": 8, "F16": 10}),
    ],
    ids=["plain", "gptq", "three bits", "bnb4", "bnb8", "mxfp4", "compressed", "mlx", "fp8", "nonsense"],
)
def test_packed_weights_are_counted_unpacked(
    quantization: dict[str, Json], sizes: dict[str, tuple[str, int]], counts: dict[str, int]
) -> None:
    assert count_parameters(_tensors(sizes | PLAIN), quantization) == counts


@given(
    sizes=st.dictionaries(
        st.sampled_from(["a.qweight", "a.weight", "a.scales", "b_blocks", "x", ""]),
        st.tuples(st.sampled_from([*sorted(BITS), "NEW"]), st.integers(0, 2**62)),
    ),
    bits=st.integers(-5, 100) | st.booleans() | st.none(),
)
def test_counts_stay_in_bounds(sizes: dict[str, tuple[str, int]], bits: int | None) -> None:
    counts = count_parameters(_tensors(sizes), {"bits": bits})
    assert all(0 < count < 2**63 for count in counts.values())
