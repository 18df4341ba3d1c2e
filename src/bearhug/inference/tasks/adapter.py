"""Adapters: a small file of weights (LoRA and its kin) and the model it belongs on, made into one model by peft.

Source: peft's documentation, "Model merging".
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bearhug.base.blobs.disk import rename_synced
from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks.parts import UNREADABLE, first_line
from bearhug.inference.tasks.source import Source

ADAPTER, BASE, WHOLE = "adapter", "base", "whole"
"""Folders within the folder of an adapted model: two that are given, one that is made."""
CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
PICKLE = "adapter_model.bin"
OF_BASE = "base_model.model."
HEADS = {
    "CAUSAL_LM": "AutoModelForCausalLM",
    "SEQ_2_SEQ_LM": "AutoModelForSeq2SeqLM",
    "SEQ_CLS": "AutoModelForSequenceClassification",
    "TOKEN_CLS": "AutoModelForTokenClassification",
    "QUESTION_ANS": "AutoModelForQuestionAnswering",
    "FEATURE_EXTRACTION": "AutoModel",
}
SORTING = ("SEQ_CLS", "TOKEN_CLS")
"""Kinds whose number of labels the base does not know."""
HEAD_WEIGHTS = ("classifier.weight", "score.weight", "out_proj.weight")
OF_TRAINING = (
    "auto_mapping",
    "megatron_config",
    "megatron_core",
    "loftq_config",
    "eva_config",
    "corda_config",
    "init_lora_weights",
    "runtime_config",
)
"""What says how the weights began; some of it names modules to import."""


def base_of(folder: Path) -> str:
    """The name of the model that a folder's adapter belongs on; "" where it holds a whole model, or none."""
    has_adapter = any((folder / name).is_file() for name in (WEIGHTS, PICKLE))
    if not has_adapter or any(folder.glob("model*.safetensors")) or any(folder.glob("pytorch_model*.bin")):
        return ""
    return str(Source(folder).document(CONFIG).get("base_model_name_or_path") or "")


def whole(folder: Path, *, pickles: bool = False) -> Path:
    """The folder to load a model from: this one, or what its adapter and its base make together, made once."""
    if not (folder / ADAPTER).is_dir():
        return folder
    target = folder / WHOLE
    if not target.is_dir():
        merge(folder / BASE, folder / ADAPTER, target, pickles=pickles)
    return target


def merge(base: Path, adapter: Path, target: Path, *, pickles: bool = False) -> None:
    """Write the model of two folders into a third, all of it or nothing. Raises Unprocessable."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix="whole-") as made:
        place = Path(made) / "model"
        place.mkdir()
        for folder in (base, adapter):  # the adapter's own tokenizer goes before that of its base
            for file in folder.iterdir():
                if file.is_file() and file.suffix not in (".safetensors", ".bin") and file.name != CONFIG:
                    shutil.copyfile(file, place / file.name)
        _merged(Source(base, pickles=pickles), Source(adapter, pickles=pickles), Path(made)).save_pretrained(place)
        try:
            rename_synced(place, target)
        except OSError:
            if not target.is_dir():  # else somebody made the same in the meantime
                raise


def _merged(base: Source, adapter: Source, room: Path) -> Any:
    from peft import PeftModel
    from safetensors import SafetensorError

    said = adapter.document(CONFIG)
    model = _base(base, adapter, said)
    clean = room / ADAPTER
    clean.mkdir()
    config = {key: value for key, value in said.items() if key not in OF_TRAINING}
    (clean / CONFIG).write_text(json.dumps({**config, "base_model_name_or_path": "", "inference_mode": True}))
    shutil.copyfile(_weights(adapter), clean / _weights(adapter).name)
    adapted: Any
    try:
        adapted = PeftModel.from_pretrained(model, str(clean))
    except (*UNREADABLE, RuntimeError, SafetensorError) as error:
        raise Unprocessable(f"This adapter does not fit on its base: {first_line(error)}") from error
    if not hasattr(adapted.base_model, "merge_and_unload"):
        raise Unprocessable(f"Adapters of the kind {said.get('peft_type')} cannot be made one with their base.")
    return adapted.merge_and_unload()


def _weights(adapter: Source) -> Path:
    safe = adapter.folder / WEIGHTS
    return safe if safe.is_file() or not adapter.pickles else adapter.folder / PICKLE


def _base(base: Source, adapter: Source, said: Mapping[str, Any]) -> Any:
    """The base with the head that the adapter was trained for; Unprocessable where that head is nowhere."""
    import torch
    import transformers

    kind = str(said.get("task_type"))
    if kind not in HEADS:
        raise Unprocessable(f'{CONFIG} of this adapter names no task that runs here: its "task_type" is {kind[:40]}.')
    if not (base.folder / "config.json").is_file():
        raise Unprocessable("The model that this adapter belongs on is no whole model of transformers itself.")
    tensors = dict(_shapes(adapter))
    labels = _labels(adapter, tensors) if kind in SORTING else {}
    try:
        model, found = getattr(transformers, HEADS[kind]).from_pretrained(
            str(base.folder),
            **base.weights(),
            **labels,
            dtype=torch.float32,
            output_loading_info=True,
            ignore_mismatched_sizes=bool(labels),
        )
    except (*UNREADABLE, RuntimeError) as error:
        raise Unprocessable(f"The model that this adapter belongs on cannot be read: {first_line(error)}") from error
    mismatched = [one[0] for one in found.get("mismatched_keys") or ()]
    missing = [*(found.get("missing_keys") or ()), *mismatched]
    untrained = sorted(name for name in missing if name not in tensors and "pooler" not in name)
    if untrained:
        raise Unprocessable(
            f"Neither this adapter nor its base has weights for {', '.join(untrained[:3])}, which its task needs."
        )
    return model


def _labels(adapter: Source, tensors: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """The labels that the adapter's own configuration has, else as many as its head has rows."""
    own = adapter.document("config.json")
    if isinstance(own.get("id2label"), dict):
        return {"id2label": {int(key): str(value) for key, value in own["id2label"].items()}}
    heads = [
        shape
        for name, shape in tensors.items()
        if name.endswith(("classifier.weight", "score.weight", "out_proj.weight"))
    ]
    return {"num_labels": heads[0][0]} if heads and len(heads[0]) == 2 else {}


def _shapes(adapter: Source) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names of the adapter's tensors as its base has them, and their shapes."""
    from safetensors import SafetensorError, safe_open

    file = adapter.folder / WEIGHTS
    if not file.is_file():
        return
    try:
        with safe_open(file, "pt") as opened:
            for name in opened.keys():  # noqa: SIM118 - it is no mapping
                yield name.removeprefix(OF_BASE), tuple(opened.get_slice(name).get_shape())
    except SafetensorError as error:
        raise Unprocessable(f"The weights of this adapter cannot be read: {first_line(error)}") from error
