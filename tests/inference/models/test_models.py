"""Models of the hub as local folders."""

import json
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.repowork import add, commit, large, lines, make, send, upload

from bearhug.base.errors import RepoNotFound, RevisionNotFound, Unprocessable
from bearhug.hub.repos.records import RepoName
from bearhug.inference.models.selection import PICKLED, SAFE

NAME = RepoName("model", "ada", "m")


def fill(box: HubBox, **more: bool) -> str:
    """A model with weights of several kinds."""
    repo = make(box, **more)
    operations = [add("config.json", json.dumps({"model_type": "bert"})), add("README.md", "# m")]
    for path in ("model.safetensors", "pytorch_model.bin", "onnx/model.onnx", "original/model.safetensors"):
        content = path.encode() * 1000
        upload(box, repo, content)
        operations.append(large(path, content))
    operations.append(add("1_Pooling/config.json", "{}"))
    assert send(box, repo, lines(*operations)).status_code == 200
    box.settle()
    return repo


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_checkout_holds_what_loading_needs(box: HubBox) -> None:
    fill(box)
    found = box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    assert names(found.folder) == ["1_Pooling/config.json", "config.json", "model.safetensors"]
    assert (found.folder / "model.safetensors").read_bytes() == b"model.safetensors" * 1000
    assert found.size == sum(path.stat().st_size for path in found.folder.rglob("*") if path.is_file())


def test_large_files_are_linked_and_made_once(box: HubBox) -> None:
    fill(box)
    first = box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    weights = first.folder / "model.safetensors"
    assert weights.stat().st_nlink == 2
    made = weights.stat().st_ino
    again = box.app.models.checkout(box.actor(ADA), NAME, first.commit, SAFE)
    assert (again.folder / "model.safetensors").stat().st_ino == made


def test_the_size_of_a_revision_is_added_up_once(box: HubBox) -> None:
    fill(box)
    first = box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    (first.folder / "stray.json").write_bytes(b"x" * 100)
    assert box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE).size == first.size


def test_pickles_come_only_where_there_is_nothing_safe(box: HubBox) -> None:
    fill(box)
    assert "pytorch_model.bin" not in names(box.app.models.checkout(box.actor(ADA), NAME, "main", PICKLED).folder)
    commit(box, make(box, "old"), {"config.json": "{}", "pytorch_model.bin": b"x"})
    old = RepoName("model", "ada", "old")
    assert names(box.app.models.checkout(box.actor(ADA), old, "main", PICKLED).folder) == [
        "config.json",
        "pytorch_model.bin",
    ]
    assert names(box.app.models.checkout(box.actor(ADA), old, "main", SAFE).folder) == ["config.json"]


def test_each_revision_has_its_own_folder(box: HubBox) -> None:
    fill(box)
    first = box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    commit(box, "ada/m", {"config.json": '{"model_type": "gpt2"}'})
    second = box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    assert first.folder != second.folder
    assert "bert" in (first.folder / "config.json").read_text()
    with pytest.raises(RevisionNotFound):
        box.app.models.checkout(box.actor(ADA), NAME, "nowhere", SAFE)


def test_a_private_model_is_not_handed_to_strangers(box: HubBox) -> None:
    fill(box, private=True)
    box.app.models.checkout(box.actor(ADA), NAME, "main", SAFE)
    with pytest.raises(RepoNotFound):
        box.app.models.checkout(box.actor(EVE), NAME, "main", SAFE)


def adapter(box: HubBox, base: str, card: str = "# a") -> None:
    """ada/a, that says it belongs on `base`."""
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": base}
    repo, weights = make(box, "a"), b"adapter" * 1000
    upload(box, repo, weights)
    operations = [add("adapter_config.json", json.dumps(config)), add("README.md", card)]
    assert send(box, repo, lines(*operations, large("adapter_model.safetensors", weights))).status_code == 200
    box.settle()


ADAPTER = RepoName("model", "ada", "a")


@pytest.mark.parametrize(("base", "card"), [("ada/m", "# a"), ("/home/ada/m", "---\nbase_model: ada/m\n---\n")])
def test_an_adapter_comes_with_its_base(box: HubBox, base: str, card: str) -> None:
    fill(box)
    adapter(box, base, card)
    found = box.app.models.checkout(box.actor(ADA), ADAPTER, "main", SAFE)
    assert {"adapter/adapter_model.safetensors", "base/model.safetensors", "base/config.json"} <= set(
        names(found.folder)
    )
    assert found.size == sum(path.stat().st_size for path in found.folder.rglob("*") if path.is_file())
    commit(box, "ada/m", {"config.json": '{"model_type": "gpt2"}'})
    after = box.app.models.checkout(box.actor(ADA), ADAPTER, "main", SAFE)
    assert (after.commit, after.version) != (found.commit, found.version)
    assert after.folder != found.folder


def test_who_may_not_read_the_base_learns_no_more_than_where_there_is_none(box: HubBox) -> None:
    fill(box, private=True)
    adapter(box, "ada/m")
    box.app.models.checkout(box.actor(ADA), ADAPTER, "main", SAFE)
    with pytest.raises(Unprocessable, match="an adapter of ada/m, which is not in this hub, or not for you"):
        box.app.models.checkout(box.actor(EVE), ADAPTER, "main", SAFE)


def test_an_adapter_of_nothing_says_what_to_write(box: HubBox) -> None:
    adapter(box, "../../m")
    with pytest.raises(Unprocessable, match='OWNER/NAME into its "base_model_name_or_path"'):
        box.app.models.checkout(box.actor(ADA), ADAPTER, "main", SAFE)
