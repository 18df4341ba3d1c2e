"""What does the gateway cost a request and a token, beside what the model costs?"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.figures import Figure, Sizes
from bench.language import NEW_TOKENS, hear, hear_all, make_model, prompts
from bench.made import upload_model
from bench.processes import cpu_seconds, own_cpu_seconds
from bench.servers import Hub, hub

STREAMS = 8


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    make_model(folder / "model", sizes)
    rounds = max(sizes.requests // 20, 10)
    with hub(folder) as server:
        model = upload_model(server, "speaker", folder / "model")
        hear(server.port, server.token, model, prompts(1, 0)[0], 2)
        short = _costs(server, rounds, lambda at: hear(server.port, server.token, model, prompts(1, at)[0], 1))
        many = partial(hear_all, server.port, server.token, model)
        long = _costs(server, 3, lambda at: many(prompts(STREAMS, 5000 + at), NEW_TOKENS))
    tokens = 3 * STREAMS * NEW_TOKENS
    return [
        _figure("CPU a request of one token", short, rounds),
        _figure(f"CPU a token, {STREAMS} streams", long, tokens),
    ]


def _figure(what: str, costs: tuple[float, float], pieces: int) -> Figure:
    ours, theirs = (seconds * 1000 / pieces for seconds in costs)
    return Figure(what, ours, theirs, "ms", "the worker of the model")


def _costs(server: Hub, rounds: int, work: Callable[[int], object]) -> tuple[float, float]:
    """CPU seconds of the hub's own process, and of its workers."""
    own, all_of_it = own_cpu_seconds(server.pid), cpu_seconds(server.pid)
    for at in range(1, rounds + 1):
        work(at)
    own = own_cpu_seconds(server.pid) - own
    return own, cpu_seconds(server.pid) - all_of_it - own
