"""Headers of safetensors by HTTP."""

import json

import pytest
from tests.hubbox import HubBox
from tests.people import EVE, NOBODY
from tests.repowork import commit, make


def weights(**shapes: tuple[int, ...]) -> bytes:
    """A safetensors file of zeros in F32."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, shape in shapes.items():
        size = 4
        for length in shape:
            size *= length
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes(at)


def test_a_single_file_tells_its_tensors(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"model.safetensors": weights(a=(2, 3))})
    found = box.get(NOBODY, f"/api/models/{repo}/safetensors-metadata/model.safetensors").json()
    assert found["headers"]["model.safetensors"]["a"] == {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    assert box.get(NOBODY, f"/api/models/{repo}").json()["safetensors"]["parameters"] == {"F32": 6}


def test_an_index_leads_to_all_shards(box: HubBox) -> None:
    repo = make(box)
    index = {"metadata": {"total_size": 32}, "weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}
    files = {"1.safetensors": weights(a=(2,)), "2.safetensors": weights(b=(6,))}
    commit(box, repo, {**files, "model.safetensors.index.json": json.dumps(index)})
    found = box.get(NOBODY, f"/api/models/{repo}/safetensors-metadata/model.safetensors.index.json").json()
    assert found["index"] == {"metadata": {"total_size": 32}}
    assert set(found["headers"]) == {"1.safetensors", "2.safetensors"}
    assert box.get(NOBODY, f"/api/models/{repo}?expand=safetensors").json()["safetensors"]["total"] == 8


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("model.safetensors", b"\xff" * 8, 422),
        ("model.safetensors", b"", 422),
        ("x.index.json", b"{", 422),
        ("x.index.json", b'{"weight_map": {"a": "../../x.safetensors"}}', 422),
        ("x.index.json", b'{"weight_map": {"a": 3}}', 422),
        ("a.txt", b"x", 400),
    ],
)
def test_what_is_no_weight_file_is_told_so(box: HubBox, path: str, content: bytes, status: int) -> None:
    repo = make(box)
    commit(box, repo, {path: content})
    assert box.get(NOBODY, f"/api/models/{repo}/safetensors-metadata/{path}").status_code == status


def test_headers_of_a_private_model_are_private(box: HubBox) -> None:
    repo = make(box, private=True)
    answer = box.get(EVE, f"/api/models/{repo}/safetensors-metadata/model.safetensors")
    assert answer.headers["x-error-code"] == "RepoNotFound"
