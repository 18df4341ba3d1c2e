"""Plain transformers: `python -m bench.transformers_alone FOLDER` answers loads of prompts, padded into one batch.

It is spoken to as `bench.engine_alone` is.
"""

import json
import sys
import time
from typing import Any

import torch
import transformers

from bearhug.inference.workers import machine


def answer(model: Any, prompts: list[list[int]], new: int) -> list[list[float]]:
    longest = max(len(prompt) for prompt in prompts)
    ids = torch.tensor([[0] * (longest - len(prompt)) + prompt for prompt in prompts])
    times: list[float] = []

    def note(_ids: object, scores: torch.Tensor) -> torch.Tensor:
        times.append(time.perf_counter() - began)
        return scores

    began = time.perf_counter()
    model.generate(
        ids,
        attention_mask=(ids != 0).long(),
        max_new_tokens=new,
        min_new_tokens=new,
        do_sample=False,
        pad_token_id=0,
        logits_processor=transformers.LogitsProcessorList([note]),
    )
    return [[times[0], time.perf_counter() - began, new] for _ in prompts]


def main() -> None:
    machine.restrain()
    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    auto: Any = transformers.AutoModelForCausalLM
    model = auto.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
    for line in sys.stdin:
        prompts, new = json.loads(line)
        print(json.dumps(answer(model, prompts, new)), flush=True)


if __name__ == "__main__":
    main()
