"""How long does the first answer of a model take that nobody has asked yet, beside a program that does only that?"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.encoder import make_encoder
from bench.figures import Figure, Sizes
from bench.language import hear, make_model, prompts
from bench.made import upload_model
from bench.servers import Hub, hub

ROUNDS = 2
"""Each starts a hub twice and a bare program twice."""
CLASSIFY = """
import sys
from transformers import pipeline
print(pipeline("text-classification", sys.argv[1])("a good day"))
"""
SPEAK = """
import json, sys
from bench.engine_alone import pipeline, answer
print(answer(pipeline(sys.argv[1]), json.loads(sys.argv[2]), 2))
"""


def ask(folder: Path, sizes: Sizes) -> list[Figure]:
    speaker, judge = folder / "speaker", folder / "judge"
    for place, make in ((speaker, make_model), (judge, make_encoder)):
        place.mkdir()
        make(place, sizes)
    with hub(folder) as server:
        names = [upload_model(server, place.name, place) for place in (speaker, judge)]
        _speak(server, names[0])  # writes its graph, once for all
        graph = next(server.data.glob("models/*.graphs/*"))
    rounds = range(min(sizes.rounds, ROUNDS))
    said = [_fresh(folder, lambda server: _speak(server, names[0])) for _ in rounds]
    judged = [_fresh(folder, lambda server: _judge(server, names[1])) for _ in rounds]
    bare_said = [_seconds(lambda: _run(SPEAK, str(graph), json.dumps(prompts(1, 1)))) for _ in rounds]
    bare_judged = [_seconds(lambda: _run(CLASSIFY, str(judge))) for _ in rounds]
    return [
        Figure("a language model's first tokens", median(said), median(bare_said), "s", "its engine in a fresh Python"),
        Figure(
            "a classifier's first answer", median(judged), median(bare_judged), "s", "transformers in a fresh Python"
        ),
    ]


def _fresh(folder: Path, work: Callable[[Hub], object]) -> float:
    """Seconds on a hub that has just started."""
    with hub(folder) as server:
        time.sleep(2)
        return _seconds(lambda: work(server))


def _speak(server: Hub, model: str) -> None:
    hear(server.port, server.token, model, prompts(1, 1)[0], 2)


def _judge(server: Hub, model: str) -> None:
    with server.signed_in() as connection:
        asked = {"inputs": "a good day"}
        while (answer := connection.post(f"/pipeline/text-classification/{model}", asked)).status == 503:
            time.sleep(0.05)  # it is loading
        answer.good()


def _run(program: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
