"""The bare engine: `python -m bench.engine_alone GRAPH` answers loads of prompts with nothing around it.

A line on stdin is a list of prompts and a number of new tokens; a line on stdout is [first, last, tokens] for each.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import openvino as ov
import openvino_genai as genai

from bearhug.inference.workers import machine

CACHE_TOKENS = 16_384
BLOCK = 32


def pipeline(graph: Path) -> genai.ContinuousBatchingPipeline:
    scheduler = genai.SchedulerConfig()
    scheduler.cache_size = 0
    scheduler.num_kv_blocks = CACHE_TOKENS // BLOCK
    scheduler.enable_prefix_caching = True
    scheduler.dynamic_split_fuse = True
    return genai.ContinuousBatchingPipeline(str(graph), scheduler, "CPU", {})


def answer(pipe: genai.ContinuousBatchingPipeline, prompts: list[list[int]], new: int) -> list[list[float]]:
    began = time.perf_counter()
    found: dict[int, list[float]] = {}
    handles = {number: pipe.add_request(number, _ids(prompt), _greedy(new)) for number, prompt in enumerate(prompts)}
    while handles:
        pipe.step()
        now = time.perf_counter() - began
        for number, handle in list(handles.items()):
            if not handle.can_read():
                continue
            for output in handle.read().values():
                first, _, tokens = found.get(number, [now, now, 0])
                found[number] = [first, now, tokens + len(output.generated_ids)]
                if output.finish_reason != genai.GenerationFinishReason.NONE:
                    handles.pop(number, None)
    return [found[number] for number in range(len(prompts))]


def _ids(prompt: list[int]) -> ov.Tensor:
    return ov.Tensor(np.array([prompt], dtype=np.int64))


def _greedy(new: int) -> genai.GenerationConfig:
    config = genai.GenerationConfig()
    config.max_new_tokens = new
    config.ignore_eos = True
    return config


def main() -> None:
    machine.restrain()  # as workers do
    pipe = pipeline(Path(sys.argv[1]))
    for line in sys.stdin:
        prompts, new = json.loads(line)
        print(json.dumps(answer(pipe, prompts, new)), flush=True)


if __name__ == "__main__":
    main()
