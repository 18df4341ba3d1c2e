"""Every engine says, token for token, what transformers says in the same precision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bearhug.inference.engine.engine import Engine
from bearhug.inference.engine.graphs import writing
from bearhug.inference.engine.graphs.table import NotInGraphs
from bearhug.inference.engine.sampling import Finish, Sampling
from bearhug.inference.tasks.source import Source

torch = pytest.importorskip("torch")
FAMILIES = ("llama", "llama3", "mistral", "qwen2", "qwen3", "gpt2")
PROMPTS = [np.random.default_rng(place).integers(3, 320, 4 + 9 * place).tolist() for place in range(6)]
GREEDY = Sampling(max_tokens=20, temperature=0, ignore_end=True)
Family = Callable[[str], tuple[Path, Any]]


def expected(model: Any, prompt: list[int], length: int = 20) -> list[int]:
    ids = torch.tensor([prompt])
    options = {"max_new_tokens": length, "min_new_tokens": length, "do_sample": False, "eos_token_id": None}
    found = model.generate(ids, attention_mask=torch.ones_like(ids), pad_token_id=0, **options)
    return list(found[0, len(prompt) :].tolist())


def told(
    engine: Engine, wishes: dict[int, tuple[list[int], Sampling]], under_way: int = 0
) -> dict[tuple[int, int], list[int]]:
    for key, (prompt, sampling) in wishes.items():
        engine.begin(key, prompt, sampling)
    found: dict[tuple[int, int], list[int]] = {}
    left = under_way + sum(sampling.count for _, sampling in wishes.values())
    while left:
        for piece in engine.step():
            found.setdefault((piece.key, piece.index), []).extend(piece.ids)
            left -= piece.finish is not None
    return found


def openvino(folder: Path, tmp_path: Path, precision: str = "fp32") -> Engine:
    from bearhug.inference.engine.openvino import OpenVinoEngine

    writing.write(folder, tmp_path / "graph", precision)
    return OpenVinoEngine(tmp_path / "graph", context=256, cache_tokens=2048, exact=precision == "fp32")


@pytest.mark.parametrize("name", FAMILIES)
def test_openvino_says_what_transformers_says_for_many_prompts_at_once(
    family: Family, name: str, tmp_path: Path
) -> None:
    folder, model = family(name)
    found = told(openvino(folder, tmp_path), {key: (prompt, GREEDY) for key, prompt in enumerate(PROMPTS)})
    assert found == {(key, 0): expected(model, prompt) for key, prompt in enumerate(PROMPTS)}


@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_the_exact_engine_says_what_transformers_says_in_padded_batches(family: Family, name: str) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, model = family(name)
    engine = TransformersEngine(Source(folder), context=256)
    found = told(engine, {key: (prompt, GREEDY) for key, prompt in enumerate(PROMPTS)})
    assert found == {(key, 0): expected(model, prompt) for key, prompt in enumerate(PROMPTS)}


@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_requests_that_come_one_after_another_share_a_batch_and_say_the_same(family: Family, name: str) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, model = family(name)
    engine, found = TransformersEngine(Source(folder), context=256), dict[int, list[int]]()
    for key, prompt in enumerate(PROMPTS[1:], 1):
        engine.begin(key, prompt, GREEDY)
        for piece in engine.step():
            found.setdefault(piece.key, []).extend(piece.ids)
    assert len(engine._cohorts) == 1
    engine.cancel(3)
    for (key, _), ids in told(engine, {0: (PROMPTS[0], GREEDY)}, under_way=4).items():
        found.setdefault(key, []).extend(ids)
    assert len(found.pop(3)) < 20
    assert found == {key: expected(model, prompt) for key, prompt in enumerate(PROMPTS) if key != 3}
    assert not engine.is_busy


def test_a_batch_gets_shorter_when_its_longest_leave(family: Family) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, model = family("llama")
    engine, (short, long) = TransformersEngine(Source(folder), context=256), PROMPTS[3:5]
    engine.begin(1, long, Sampling(max_tokens=2, temperature=0, ignore_end=True))
    engine.begin(2, short, Sampling(max_tokens=6, temperature=0, ignore_end=True))
    said = [piece.ids[0] for _ in range(3) for piece in engine.step() if piece.key == 2]
    assert [cohort.mask.shape[1] for cohort in engine._cohorts] == [len(short) + 3]
    said += [piece.ids[0] for _ in range(3) for piece in engine.step()]
    assert said == expected(model, short, 6)


def test_a_short_prompt_is_not_padded_to_a_very_long_one(family: Family) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, model = family("llama")
    engine, long = TransformersEngine(Source(folder), context=256), PROMPTS[5] * 4
    wishes = {key: (prompt, GREEDY) for key, prompt in enumerate([long, *[PROMPTS[0]] * 5])}
    found = told(engine, wishes)
    assert found == {(key, 0): expected(model, prompt) for key, (prompt, _) in wishes.items()}


def test_a_prompt_told_twice_is_answered_alike_out_of_the_kept_prefix(family: Family, tmp_path: Path) -> None:
    folder, model = family("llama")
    engine = openvino(folder, tmp_path)
    long = PROMPTS[5] * 3
    first = told(engine, {1: (long, GREEDY)})
    again = told(engine, {2: ([*long, 7], GREEDY)})
    assert first[1, 0] == expected(model, long)
    assert again[2, 0] == expected(model, [*long, 7])


def test_eight_bit_weights_stay_close_to_the_original(family: Family, tmp_path: Path) -> None:
    import openvino as ov

    folder, model = family("llama")
    graph = ov.Core().compile_model(writing.build(folder, "int8"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    ids = np.array([PROMPTS[2]])
    places = np.arange(ids.shape[1])[None]
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "position_ids": places}
    logits = graph.create_infer_request().infer({**inputs, "beam_idx": np.zeros(1, np.int32)})[0]
    with torch.inference_mode():
        right = model(torch.tensor(ids)).logits.numpy()
    assert np.corrcoef(logits.ravel(), right.ravel())[0, 1] > 0.99
    del tmp_path


@pytest.mark.parametrize("kind", ["openvino", "transformers"])
def test_a_seed_draws_the_same_again_and_each_sequence_its_own(family: Family, kind: str, tmp_path: Path) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, _ = family("llama")
    engine = openvino(folder, tmp_path) if kind == "openvino" else TransformersEngine(Source(folder), context=256)
    wishes = Sampling(max_tokens=12, temperature=1.5, seed=11, count=3, ignore_end=True)
    first, again = told(engine, {1: (PROMPTS[1], wishes)}), told(engine, {2: (PROMPTS[1], wishes)})
    drawn = [first[1, index] for index in range(3)]
    assert drawn == [again[2, index] for index in range(3)]
    assert len({tuple(one) for one in drawn}) == 3


def test_an_end_token_ends_and_the_length_does_too(family: Family, tmp_path: Path) -> None:
    folder, model = family("qwen3")
    engine, prompt = openvino(folder, tmp_path), PROMPTS[3]
    right = expected(model, prompt)
    engine.begin(1, prompt, Sampling(max_tokens=20, temperature=0, stop_ids=(right[4],)))
    engine.begin(2, prompt, Sampling(max_tokens=3, temperature=0, stop_ids=(2,)))
    ends: dict[int, Finish] = {}
    while len(ends) < 2:
        ends.update({piece.key: piece.finish for piece in engine.step() if piece.finish is not None})
    assert ends == {1: Finish.STOP, 2: Finish.LENGTH}


def test_a_cancelled_request_leaves_the_others_alone(family: Family, tmp_path: Path) -> None:
    folder, model = family("llama")
    engine = openvino(folder, tmp_path)
    engine.begin(1, PROMPTS[0], GREEDY)
    engine.step()
    engine.cancel(1)
    assert told(engine, {2: (PROMPTS[1], GREEDY)}) == {(2, 0): expected(model, PROMPTS[1])}
    assert engine.load().running == 0


def test_the_likeliest_tokens_are_those_of_the_logits(family: Family) -> None:
    from bearhug.inference.engine.transformers import TransformersEngine

    folder, model = family("llama")
    engine = TransformersEngine(Source(folder), context=256)
    engine.begin(1, PROMPTS[1], Sampling(max_tokens=1, temperature=0, logprobs=True, top_logprobs=5))
    (piece,) = engine.step()
    with torch.inference_mode():
        right = torch.log_softmax(model(torch.tensor([PROMPTS[1]])).logits[0, -1], -1).topk(5)
    assert [token for token, _ in piece.likely[0].top] == right.indices.tolist()
    assert [value for _, value in piece.likely[0].top] == pytest.approx(right.values.tolist(), abs=1e-4)


def test_what_has_no_graph_says_why(family: Family, tmp_path: Path) -> None:
    folder, _ = family("llama")
    other = tmp_path / "other"
    other.mkdir()
    for file in folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    config = (other / "config.json").read_text()
    (other / "config.json").write_text(config.replace('"model_type": "llama"', '"model_type": "mamba"'))
    with pytest.raises(NotInGraphs, match="mamba"):
        writing.build(other, "int8")
    (other / "config.json").write_text(config.replace('"num_hidden_layers": 2', '"num_hidden_layers": 1'))
    with pytest.raises(NotInGraphs, match=r"model\.layers\.1"):
        writing.build(other, "int8")


def test_broken_weights_are_an_error_and_leave_no_graph(family: Family, tmp_path: Path) -> None:
    folder, _ = family("gpt2")
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_bytes((folder / "config.json").read_bytes())
    (other / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:1000])
    with pytest.raises(ValueError, match="safetensors"):
        writing.write(other, tmp_path / "graph", "int8")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
