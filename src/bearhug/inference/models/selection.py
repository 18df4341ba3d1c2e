"""Which files of a model's repository a program needs that loads it."""

import re
from collections.abc import Sequence

from bearhug.hub.files.records import FileEntry
from bearhug.inference.models.records import Selection

WEIGHTS = re.compile(r"(model|adapter_model)(-\d+-of-\d+)?\.safetensors\Z")
PICKLES = re.compile(r"(pytorch_model|adapter_model)(-\d+-of-\d+)?\.bin\Z")
ONNX = re.compile(r"[^/]+\.onnx\Z")
BESIDE = (".json", ".txt", ".model", ".jinja", ".tiktoken", ".vocab", ".bpe", ".spm", ".py")
DEEPEST = 2
LARGEST_BESIDE = 64 << 20
SYMLINK = 0o120000


def _choose(entries: Sequence[FileEntry], *kinds: re.Pattern[str]) -> list[FileEntry]:
    """Everything small that describes the model, and the first kind of weights that there is."""
    files = [one for one in entries if one.entry.mode != SYMLINK]
    beside = [one for one in files if _describes(one)]
    for kind in kinds:
        weights = [one for one in files if kind.match(one.entry.path)]
        if weights:
            return beside + weights
    return beside


def _describes(one: FileEntry) -> bool:
    path = one.entry.path
    return path.endswith(BESIDE) and path.count("/") < DEEPEST and one.size <= LARGEST_BESIDE


SAFE = Selection("safe", lambda entries: _choose(entries, WEIGHTS, ONNX))
PICKLED = Selection("pickled", lambda entries: _choose(entries, WEIGHTS, PICKLES, ONNX))


def pickles_of(entries: Sequence[FileEntry]) -> list[str]:
    """Weights that are pickles."""
    return [one.entry.path for one in entries if PICKLES.match(one.entry.path)]
