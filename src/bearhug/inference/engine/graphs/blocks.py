"""Pieces that graphs of decoders are made of.

The cache of keys and values is written as OpenVINO writes stateful models (ReadValue, Concat, Assign), so that
openvino-genai turns it into paged attention: https://docs.openvino.ai, "Stateful models and State API".
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset6, opset13

from bearhug.inference.engine.weights import Array

Node = Any  # OpenVINO's own nodes; its Python package carries no types
F32 = np.float32
LOWEST = np.finfo(F32).min


def whole(*values: int) -> Node:
    """A constant vector of integers."""
    return opset13.constant(np.array(values, dtype=np.int64))


def number(value: float) -> Node:
    return opset13.constant(F32(value))


@dataclass
class Graph:
    """The inputs that every language model has, the cache states that it grows, and the precision of its matrices.

    `ids`, `mask` and `positions` are [batch, length] of int64, `beam` is [batch] of int32; `precision` is "fp32" or
    "int8" (symmetric, a scale for every row: weights are kept in eight bits and multiplied as such).
    """

    precision: str
    sinks: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = _input("input_ids", [-1, -1], np.int64)
        self.mask = _input("attention_mask", [-1, -1], np.int64)
        self.positions = _input("position_ids", [-1, -1], np.int64)
        self.beam = _input("beam_idx", [-1], np.int32)
        self.batch = opset13.gather(opset13.shape_of(self.ids), whole(0), number_of(0))
        self.total = opset13.gather(opset13.shape_of(self.mask), whole(1), number_of(0))
        self._attention_mask = self._causal()

    def matrix(self, weight: Array) -> Node:
        """A weight of [out, in] in the graph's precision."""
        if self.precision == "fp32":
            return opset13.constant(np.ascontiguousarray(weight, dtype=F32))
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / 127, np.finfo(F32).tiny).astype(F32)
        packed = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        return opset13.multiply(opset13.convert(opset13.constant(packed), "f32"), opset13.constant(scale))

    def linear(self, x: Node, weight: Array, bias: Array | None = None) -> Node:
        """x @ weight.T + bias; weight is [out, in]."""
        found = opset13.matmul(x, self.matrix(weight), transpose_a=False, transpose_b=True)
        return found if bias is None else opset13.add(found, opset13.constant(bias))

    def look_up(self, table: Node, ids: Node) -> Node:
        return opset13.gather(table, opset13.convert(ids, "i32"), number_of(0, np.int32))

    def attend(self, name: str, query: Node, key: Node, value: Node, heads: "Heads") -> Node:
        """Attention over all that came before; query is [batch, heads, length, size], the answer [batch, length, …]."""
        keys = self._remember(f"past_key_values.{name}.keypresent.{name}.key", key, heads)
        values = self._remember(f"past_key_values.{name}.valuepresent.{name}.value", value, heads)
        found = opset13.scaled_dot_product_attention(query, keys, values, self._attention_mask)
        return opset13.reshape(
            opset13.transpose(found, whole(0, 2, 1, 3)), whole(0, 0, heads.count * heads.size), special_zero=True
        )

    def model(self, logits: Node) -> ov.Model:
        logits.output(0).get_tensor().set_names({"logits"})
        inputs = [self.ids, self.mask, self.positions, self.beam]
        return ov.Model([opset13.result(logits)], self.sinks, inputs, "language model")

    def _remember(self, name: str, new: Node, heads: "Heads") -> Node:
        """What is kept with `new` behind it, repeated for the queries that share a head of the cache."""
        empty = opset13.concat([self.batch, whole(heads.kept), whole(0), whole(heads.size)], 0)
        shape = ov.PartialShape([-1, heads.kept, -1, heads.size])
        past = opset6.read_value(opset13.broadcast(number(0), empty), name, ov.Type.f32, shape)
        joined = opset13.concat([opset13.gather(past, self.beam, number_of(0)), new], 2)
        self.sinks.append(opset6.assign(joined, name))
        if heads.count == heads.kept:
            return joined
        wide = opset13.concat([self.batch, whole(heads.kept, heads.count // heads.kept), self.total], 0)
        wide = opset13.concat([wide, whole(heads.size)], 0)
        repeated = opset13.broadcast(opset13.unsqueeze(joined, whole(2)), wide, "BIDIRECTIONAL")
        return opset13.reshape(repeated, whole(0, heads.count, -1, heads.size), special_zero=True)

    def _causal(self) -> Node:
        """[batch, 1, length, total]: nothing for what may be seen, the lowest number for what comes later."""
        places = opset13.range(number_of(0), opset13.squeeze(self.total, whole(0)), number_of(1), "i64")
        earlier = opset13.less_equal(
            opset13.unsqueeze(places, whole(0, 1, 2)), opset13.unsqueeze(self.positions, whole(1, 3))
        )
        there = opset13.convert(opset13.unsqueeze(self.mask, whole(1, 2)), "boolean")
        return opset13.select(opset13.logical_and(earlier, there), number(0), number(float(LOWEST)))


@dataclass(frozen=True)
class Heads:
    """How attention is cut: `count` heads of queries, `kept` of keys and values, of `size` numbers each."""

    count: int
    kept: int
    size: int

    def split(self, x: Node, count: int) -> Node:
        """[batch, length, count * size] to [batch, count, length, size]."""
        return opset13.transpose(
            opset13.reshape(x, whole(0, 0, count, self.size), special_zero=True), whole(0, 2, 1, 3)
        )


def number_of(value: int, kind: Any = np.int64) -> Node:
    """A constant integer without dimensions."""
    return opset13.constant(np.array(value, dtype=kind))


def root_mean_square(x: Node, weight: Array, epsilon: float) -> Node:
    """RMSNorm (Zhang and Sennrich, 2019) over the last axis."""
    mean = opset13.reduce_mean(opset13.power(x, number(2)), whole(-1), keep_dims=True)
    scale = opset13.divide(number(1), opset13.sqrt(opset13.add(mean, number(epsilon))))
    return opset13.multiply(opset13.multiply(x, scale), opset13.constant(weight))


def layer_norm(x: Node, weight: Array, bias: Array, epsilon: float) -> Node:
    """LayerNorm (Ba, Kiros and Hinton, 2016) over the last axis."""
    normal = opset13.mvn(x, whole(-1), normalize_variance=True, eps=epsilon, eps_mode="INSIDE_SQRT")
    return opset13.add(opset13.multiply(normal, opset13.constant(weight)), opset13.constant(bias))


def rotate(x: Node, cosine: Node, sine: Node, size: int) -> Node:
    """Rotary positions (Su et al., 2021) on [batch, heads, length, size], halves turned against each other."""
    first = opset13.slice(x, whole(0), whole(size // 2), whole(1), whole(3))
    second = opset13.slice(x, whole(size // 2), whole(size), whole(1), whole(3))
    turned = opset13.concat([opset13.multiply(second, number(-1)), first], -1)
    return opset13.add(opset13.multiply(x, cosine), opset13.multiply(turned, sine))


def _input(name: str, shape: list[int], kind: Any) -> Node:
    node = opset13.parameter(shape, kind, name=name)
    node.output(0).get_tensor().set_names({name})
    return node
