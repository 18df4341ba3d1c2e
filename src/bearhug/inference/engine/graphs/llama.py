"""Decoders of the Llama family: Llama, SmolLM, Mistral, Qwen 2 and Qwen 3."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13

from bearhug.inference.engine.graphs.blocks import F32, Graph, Heads, Node, root_mean_square, rotate, whole
from bearhug.inference.engine.graphs.table import NotInGraphs
from bearhug.inference.engine.weights import Array, Weights

ACTIVATIONS = {"silu": opset13.swish, "gelu": lambda x: opset13.gelu(x, "erf")}


def build(config: Mapping[str, Any], weights: Weights, precision: str) -> ov.Model:
    """The graph of a causal language model. Raises NotInGraphs for variants that are not written here."""
    return _Llama(config, weights, Graph(precision)).model()


class _Llama:
    def __init__(self, config: Mapping[str, Any], weights: Weights, graph: Graph) -> None:
        self._config, self._weights, self._graph = config, weights, graph
        count = int(config["num_attention_heads"])
        size = config.get("head_dim") or int(config["hidden_size"]) // count
        self._heads = Heads(count, int(config.get("num_key_value_heads") or count), int(size))
        self._epsilon = float(config.get("rms_norm_eps", 1e-6))
        self._check()

    def _check(self) -> None:
        window = self._config.get("sliding_window")
        if window and self._config.get("use_sliding_window", True) and window < _context(self._config):
            raise NotInGraphs("its attention looks through a sliding window")
        if self._config.get("hidden_act", "silu") not in ACTIVATIONS:
            raise NotInGraphs(f"its activation is {self._config['hidden_act']}")

    def model(self) -> ov.Model:
        graph, weights = self._graph, self._weights
        table = graph.matrix(weights.take("model.embed_tokens.weight"))
        x = graph.look_up(table, graph.ids)
        cosine, sine = self._angles()
        for layer in range(int(self._config["num_hidden_layers"])):
            x = self._layer(x, layer, cosine, sine)
        x = root_mean_square(x, weights.take("model.norm.weight"), self._epsilon)
        is_tied = bool(self._config.get("tie_word_embeddings")) or "lm_head.weight" not in weights
        if not is_tied:
            table = graph.matrix(weights.take("lm_head.weight"))
        return graph.model(opset13.matmul(x, table, transpose_a=False, transpose_b=True))

    def _layer(self, x: Node, layer: int, cosine: Node, sine: Node) -> Node:
        graph, heads, at = self._graph, self._heads, f"model.layers.{layer}"
        normal = root_mean_square(x, self._weights.take(f"{at}.input_layernorm.weight"), self._epsilon)
        query = self._turned(normal, f"{at}.self_attn.q", heads.count, cosine, sine)
        key = self._turned(normal, f"{at}.self_attn.k", heads.kept, cosine, sine)
        value = heads.split(self._linear(normal, f"{at}.self_attn.v_proj"), heads.kept)
        seen = graph.attend(str(layer), query, key, value, heads)
        x = opset13.add(x, self._linear(seen, f"{at}.self_attn.o_proj"))
        normal = root_mean_square(x, self._weights.take(f"{at}.post_attention_layernorm.weight"), self._epsilon)
        active = ACTIVATIONS[self._config.get("hidden_act", "silu")](self._linear(normal, f"{at}.mlp.gate_proj"))
        inner = opset13.multiply(active, self._linear(normal, f"{at}.mlp.up_proj"))
        return opset13.add(x, self._linear(inner, f"{at}.mlp.down_proj"))

    def _turned(self, x: Node, name: str, count: int, cosine: Node, sine: Node) -> Node:
        """Queries or keys: projected, normed where the model has a norm for heads, and turned by their position."""
        found = self._heads.split(self._linear(x, f"{name}_proj"), count)
        if f"{name}_norm.weight" in self._weights:
            found = root_mean_square(found, self._weights.take(f"{name}_norm.weight"), self._epsilon)
        return rotate(found, cosine, sine, self._heads.size)

    def _linear(self, x: Node, name: str) -> Node:
        bias = self._weights.take(f"{name}.bias") if f"{name}.bias" in self._weights else None
        return self._graph.linear(x, self._weights.take(f"{name}.weight"), bias)

    def _angles(self) -> tuple[Node, Node]:
        """Cosine and sine of every position, [batch, 1, length, size]."""
        frequencies = opset13.constant(_frequencies(self._config, self._heads.size).reshape(1, 1, -1))
        places = opset13.unsqueeze(opset13.convert(self._graph.positions, "f32"), whole(2))
        half = opset13.multiply(places, frequencies)
        angles = opset13.unsqueeze(opset13.concat([half, half], -1), whole(1))
        return opset13.cos(angles), opset13.sin(angles)


def _context(config: Mapping[str, Any]) -> int:
    return int(config.get("max_position_embeddings") or 2048)


def _frequencies(config: Mapping[str, Any], size: int) -> Array:
    """Turns a position, for every pair of numbers; Llama 3 slows the long waves down."""
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    base = float(rope.get("rope_theta") or config.get("rope_theta") or 10_000.0)
    plain = 1.0 / (base ** (np.arange(0, size, 2, dtype=np.float64) / size))
    kind = rope.get("rope_type") or rope.get("type") or "default"
    if kind == "default":
        return plain.astype(F32)
    if kind == "linear":
        return (plain / float(rope["factor"])).astype(F32)
    if kind == "llama3":
        return _slowed(plain, rope).astype(F32)
    raise NotInGraphs(f"its positions are scaled by {kind}")


def _slowed(plain: Array, rope: Mapping[str, Any]) -> Array:
    factor, old = float(rope["factor"]), float(rope["original_max_position_embeddings"])
    low, high = float(rope["low_freq_factor"]), float(rope["high_freq_factor"])
    waves = 2 * math.pi / plain
    smooth = np.clip((old / waves - low) / (high - low), 0, 1)
    return (1 - smooth) * plain / factor + smooth * plain
