"""How busy a server says it is: vLLM's names in the text format of Prometheus.

Source: vLLM's documentation, "Metrics".
"""

import re
from dataclasses import dataclass

RUNNING = "vllm:num_requests_running"
WAITING = "vllm:num_requests_waiting"
CACHES = ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")
LINE = re.compile(r"^(vllm:[a-z_]+)(?:\{([^}]*)\})? ([0-9.eE+-]+)", re.MULTILINE)
NAME = re.compile(r'model_name="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Standing:
    """Requests that run and wait, and the used part of the key-value cache (0 to 1)."""

    running: int
    waiting: int
    cache: float


def standing(text: str, model: str) -> Standing | None:
    """What the metrics say of a model; None where they know none of vLLM's names."""
    found: dict[str, list[float]] = {}
    for name, labels, value in LINE.findall(text):
        named = NAME.search(labels)
        if named is None or named[1] == model:
            found.setdefault(name, []).append(_number(value))
    if RUNNING not in found:
        return None
    cache = max((value for name in CACHES for value in found.get(name, ())), default=0.0)
    return Standing(int(sum(found[RUNNING])), int(sum(found.get(WAITING, ()))), min(max(cache, 0.0), 1.0))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value < 1e12 else 0.0
