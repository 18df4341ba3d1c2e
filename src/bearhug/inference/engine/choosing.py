"""Which engine runs a model here: the fast one where a graph of it can be written, else the exact one."""

import logging
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.engine import lexicon
from bearhug.inference.engine.engine import Engine
from bearhug.inference.engine.graphs.table import GRAPHS, NotInGraphs
from bearhug.inference.engine.weights import WeightsMissing
from bearhug.inference.engine.words import Words
from bearhug.inference.tasks.source import Source

log = logging.getLogger("bearhug.inference")

ENGINES = ("auto", "openvino", "transformers")
CONTEXTS = ("max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length")
LONGEST_CONTEXT = 32_768
CACHE_TOKENS = 16_384


def choose(source: Source, words: Words, options: Mapping[str, Any]) -> tuple[Engine, str]:
    """The engine and its name. `options` are those of the worker: engine, precision, graphs, context, cache_tokens."""
    wanted = options.get("engine", "auto")
    context = min(options.get("context") or LONGEST_CONTEXT, context_of(source.document("config.json")))
    if wanted in ("auto", "openvino"):
        try:
            return _openvino(source, words, options, context), "openvino"
        except (NotInGraphs, WeightsMissing, ImportError) as reason:
            if wanted == "openvino":
                raise Unprocessable(f"This model cannot run in OpenVINO: {reason}.") from reason
            log.warning("This model runs in transformers: %s.", reason)
    from bearhug.inference.engine.transformers import TransformersEngine

    return TransformersEngine(source, context=context, tokenizer=words.tokenizer), "transformers"


def words_of(source: Source, options: Mapping[str, Any]) -> Path | None:
    """Where the tokenizer of a model is kept that will most likely run as a graph; None for the others."""
    is_graph = source.document("config.json").get("model_type") in GRAPHS and find_spec("openvino_genai") is not None
    if options.get("engine", "auto") not in ("auto", "openvino") or not is_graph:
        return None
    return Path(options["graphs"]) / lexicon.folder_name()


def context_of(config: Mapping[str, Any]) -> int:
    """Tokens that a model was made for."""
    found = next((config[name] for name in CONTEXTS if isinstance(config.get(name), int)), LONGEST_CONTEXT)
    return int(found)


def _openvino(source: Source, words: Words, options: Mapping[str, Any], context: int) -> Engine:
    from bearhug.inference.engine.graphs import writing
    from bearhug.inference.engine.openvino import OpenVinoEngine
    from bearhug.inference.engine.rehearsal import Rehearsal

    precision = options.get("precision", "int8")
    folder = Path(options["graphs"]) / writing.folder_name(precision)
    if not folder.is_dir():
        writing.write(source.folder, folder, precision, lambda: words.forms)
    room = options.get("cache_tokens") or CACHE_TOKENS
    size = int(source.document("config.json").get("vocab_size") or len(words))
    return OpenVinoEngine(
        folder, context=context, cache_tokens=room, exact=precision == "fp32", prove=Rehearsal(folder, size).check
    )
