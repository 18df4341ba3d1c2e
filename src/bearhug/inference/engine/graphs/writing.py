"""Writes the graph of a model folder to disk, where engines load it from."""

import json
import os
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import openvino as ov

from bearhug.base.blobs.disk import made_whole
from bearhug.inference.engine.graphs.table import GRAPHS, NotInGraphs
from bearhug.inference.engine.weights import Weights, read_json

PRECISIONS = ("int8", "fp32")
VERSION = 1
HARMLESS = (".rotary_emb.inv_freq", ".attn.bias", ".attn.masked_bias")
GRAPH, TOKENIZER, DETOKENIZER = (f"openvino_{name}.xml" for name in ("model", "tokenizer", "detokenizer"))


def folder_name(precision: str) -> str:
    """The name of a written graph's folder: another version of this code writes another one."""
    return f"openvino-{precision}-{VERSION}"


def write(source: Path, target: Path, precision: str, words: Callable[[], Path | None] = lambda: None) -> None:
    """Write the graph of the model in `source` as the folder `target`, whole or not at all.

    `words` says, when the graph is done, in which folder the tokenizer lies as OpenVINO reads it: grammars need it.

    Raises NotInGraphs when its architecture is not written here, ValueError when its files are broken.
    """
    with made_whole(target, "graph-") as made:
        ov.save_model(build(source, precision), made / GRAPH, compress_to_fp16=False)
        kind = read_json(source, "config.json")["model_type"]
        ends = {"model_type": kind, "eos_token_id": 0}  # ends are told apart by ids
        (made / "config.json").write_text(json.dumps(ends))
        if (forms := words()) is not None:
            _take(forms, made)


def _take(forms: Path, folder: Path) -> None:
    for file in (Path(name).with_suffix(end) for name in (TOKENIZER, DETOKENIZER) for end in (".xml", ".bin")):
        if (forms / file).exists():
            try:
                os.link(forms / file, folder / file)
            except OSError:  # a disk without links
                shutil.copyfile(forms / file, folder / file)


def build(source: Path, precision: str) -> ov.Model:
    """The graph of a model folder. Raises NotInGraphs, ValueError."""
    config = read_json(source, "config.json")
    kind = str(config.get("model_type"))
    if kind not in GRAPHS:
        raise NotInGraphs(f"its architecture ({kind}) has no graph")
    if config.get("quantization_config"):
        raise NotInGraphs("its weights are quantised already")
    weights = Weights(source)
    try:
        model: ov.Model = import_module(GRAPHS[kind]).build(config, weights, precision)
    except (KeyError, TypeError) as error:
        raise ValueError(f"config.json lacks what its architecture needs: {error}") from error
    left = [name for name in weights.left if not name.endswith(HARMLESS) and name != "lm_head.weight"]
    if left:
        raise NotInGraphs(f"it has tensors that its graph does not use, such as {left[0]}")
    return model
