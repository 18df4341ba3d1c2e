"""A furnished hub with models that speak, and models that only write."""

from pathlib import Path

import pytest
from tests.hub.conftest import box, database, furnished, server  # noqa: F401
from tests.hubbox import HubBox
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.repowork import add, large, lines, make, send, upload

CARD = "---\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n# m\n"


def publish(box: HubBox, folder: Path, name: str, *, private: bool = False, template: bool = True) -> str:  # noqa: F811
    """A tiny language model of ada's."""
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    if not template:
        (folder / "chat_template.jinja").unlink()
    repo = make(box, name, private=private)
    data = (folder / "model.safetensors").read_bytes()
    upload(box, repo, data)
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".safetensors"]
    operations = [add(path.name, path.read_bytes()) for path in files]
    sent = send(box, repo, lines(large("model.safetensors", data), add("README.md", CARD), *operations))
    assert sent.status_code == 200
    box.settle()
    return f"ada/{name}"


@pytest.fixture
def speaker(box: HubBox, tmp_path: Path) -> str:  # noqa: F811
    return publish(box, tmp_path / "speaker", "speaker")
