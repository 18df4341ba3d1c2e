"""Forms of answers are tried in a process beside the engine: what breaks there, or takes too long, breaks no engine.

`python -m bearhug.inference.engine.rehearsal FOLDER SIZE` reads `[kind, text]` a line and says "" or what is wrong.
"""

import json
import os
import re
import resource
import select
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bearhug.inference.engine.weights import Array
from bearhug.inference.workers import machine

SECONDS = 4
"""Of the processor, for one form."""
PATIENCE = 180.0
MEMORY = 1 << 30
IDLE = 120.0
TOKENS = 24
KEPT = 512
PLACE = re.compile(r"^\[[\d:]+\] \S+\.(?:cc|cpp|h):\d+: ")
TOO_MUCH = "it is too much to be followed"


class Rehearsal:
    """What forms an engine can follow. `folder` is that of its graph, `size` the number of its tokens."""

    def __init__(self, folder: Path, size: int) -> None:
        self._command = [*machine.OWN_PYTHON, "-m", __name__, str(folder), str(size)]
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], str] = {}
        self._process: subprocess.Popen[str] | None = None

    def check(self, shape: tuple[str, str]) -> None:
        """Raises ValueError when an engine had better not be asked for this."""
        with self._lock:
            if shape not in self._known:
                while len(self._known) >= KEPT:
                    del self._known[next(iter(self._known))]
                self._known[shape] = self._tried(shape)
            if self._known[shape]:
                raise ValueError(self._known[shape])

    def _tried(self, shape: tuple[str, str]) -> str:
        for _ in range(2):  # who was idle for long may have just left
            try:
                return self._answer(shape)
            except BrokenPipeError:
                self._end()
        return TOO_MUCH

    def _answer(self, shape: tuple[str, str]) -> str:
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(shape) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        if not line:
            self._end()
            return TOO_MUCH
        found: str = json.loads(line)
        if found:
            self._end()
        return found

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError):
                process.communicate()


class Noise:
    """Weights of the smallest Llama that has these tokens."""

    def __init__(self, config: dict[str, Any]) -> None:
        wide, inner, size = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
        at, square = "model.layers.0", (wide, wide)
        self._shapes: dict[str, tuple[int, ...]] = {
            "model.embed_tokens.weight": (size, wide),
            "model.norm.weight": (wide,),
            f"{at}.input_layernorm.weight": (wide,),
            f"{at}.post_attention_layernorm.weight": (wide,),
            **{f"{at}.self_attn.{name}_proj.weight": square for name in "qkvo"},
            **{f"{at}.mlp.{name}_proj.weight": (inner, wide) for name in ("gate", "up")},
            f"{at}.mlp.down_proj.weight": (wide, inner),
        }

    def __contains__(self, name: str) -> bool:
        return name in self._shapes

    def take(self, name: str) -> Array:
        """float32, at random."""
        return np.random.default_rng(0).standard_normal(self._shapes[name], dtype=np.float32)


def _stage(folder: Path, size: int, made: Path) -> Any:
    """An engine with the tokenizer of the folder, and next to no model."""
    import openvino as ov

    from bearhug.inference.engine.graphs import llama, writing
    from bearhug.inference.engine.openvino import OpenVinoEngine

    config: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1, "vocab_size": size}
    config |= {"num_attention_heads": 1, "tie_word_embeddings": True}
    noise: Any = Noise(config)
    ov.save_model(llama.build(config, noise, "int8"), made / writing.GRAPH, compress_to_fp16=False)
    for file in folder.iterdir():
        if file.stem in (Path(writing.TOKENIZER).stem, Path(writing.DETOKENIZER).stem, "config"):
            shutil.copyfile(file, made / file.name)
    return OpenVinoEngine(made, context=512, cache_tokens=1024)


def _rehearse(engine: Any, key: int, shape: tuple[str, str]) -> str:
    from bearhug.inference.engine.sampling import Sampling

    used = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS + 1, resource.RLIM_INFINITY))
    try:
        engine.begin(key, [0], Sampling(max_tokens=TOKENS, temperature=1.0, seed=key, shape=shape))
        while engine.is_busy:
            engine.step()
    except (RuntimeError, ValueError, MemoryError) as error:
        return PLACE.sub("", str(error).strip().partition("\n")[0])[:300] or TOO_MUCH
    return ""


def main() -> None:
    """Until nobody asks any more."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries may say what they like
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with TemporaryDirectory() as made:
        engine = _stage(Path(sys.argv[1]), int(sys.argv[2]), Path(made))
    pages = int((machine.PROC / "self" / "statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    key = 0
    while select.select([sys.stdin], [], [], IDLE)[0] and (line := sys.stdin.readline()):
        key += 1
        kind, text = json.loads(line)
        out.write(json.dumps(_rehearse(engine, key, (kind, text))) + "\n")
        out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
