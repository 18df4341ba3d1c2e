"""GPT-2, and what was trained in its form (the Chinese ones too)."""

from collections.abc import Mapping
from typing import Any

import openvino as ov
from openvino import opset13

from bearhug.inference.engine.graphs.blocks import Graph, Heads, Node, layer_norm
from bearhug.inference.engine.graphs.table import NotInGraphs
from bearhug.inference.engine.weights import Array, Weights

ACTIVATIONS = {"gelu_new": "tanh", "gelu": "erf", "gelu_pytorch_tanh": "tanh"}


def build(config: Mapping[str, Any], weights: Weights, precision: str) -> ov.Model:
    """The graph of a causal language model. Raises NotInGraphs for variants that are not written here."""
    return _Gpt2(config, weights, Graph(precision)).model()


class _Gpt2:
    def __init__(self, config: Mapping[str, Any], weights: Weights, graph: Graph) -> None:
        self._config, self._weights, self._graph = config, weights, graph
        count = int(config["n_head"])
        self._heads = Heads(count, count, int(config["n_embd"]) // count)
        self._epsilon = float(config.get("layer_norm_epsilon", 1e-5))
        self._prefix = "transformer." if "transformer.wte.weight" in weights else ""
        if config.get("scale_attn_by_inverse_layer_idx") or not config.get("scale_attn_weights", True):
            raise NotInGraphs("its attention is scaled in another way")
        if config.get("activation_function", "gelu_new") not in ACTIVATIONS:
            raise NotInGraphs(f"its activation is {config['activation_function']}")

    def model(self) -> ov.Model:
        graph = self._graph
        table = graph.matrix(self._take("wte.weight"))
        places = graph.look_up(opset13.constant(self._take("wpe.weight")), graph.positions)
        x = opset13.add(graph.look_up(table, graph.ids), places)
        for layer in range(int(self._config["n_layer"])):
            x = self._layer(x, layer)
        x = self._norm(x, "ln_f")
        if not self._config.get("tie_word_embeddings", True) and "lm_head.weight" in self._weights:
            table = graph.matrix(self._weights.take("lm_head.weight"))
        return graph.model(opset13.matmul(x, table, transpose_a=False, transpose_b=True))

    def _layer(self, x: Node, layer: int) -> Node:
        heads, at = self._heads, f"h.{layer}"
        joined = self._linear(self._norm(x, f"{at}.ln_1"), f"{at}.attn.c_attn")
        query, key, value = opset13.split(joined, opset13.constant(-1), 3).outputs()
        query, key, value = (heads.split(part, heads.count) for part in (query, key, value))
        seen = self._graph.attend(str(layer), query, key, value, heads)
        x = opset13.add(x, self._linear(seen, f"{at}.attn.c_proj"))
        inner = self._linear(self._norm(x, f"{at}.ln_2"), f"{at}.mlp.c_fc")
        active = opset13.gelu(inner, ACTIVATIONS[self._config.get("activation_function", "gelu_new")])
        return opset13.add(x, self._linear(active, f"{at}.mlp.c_proj"))

    def _norm(self, x: Node, name: str) -> Node:
        return layer_norm(x, self._take(f"{name}.weight"), self._take(f"{name}.bias"), self._epsilon)

    def _linear(self, x: Node, name: str) -> Node:
        """GPT-2 keeps its matrices the other way round: [in, out]."""
        return self._graph.linear(x, self._take(f"{name}.weight").T, self._take(f"{name}.bias"))

    def _take(self, name: str) -> Array:
        return self._weights.take(f"{self._prefix}{name}")
