"""Talking to a model in a browser: stream, stop, other answers, two side by side, and all of it without script."""

import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from huggingface_hub import HfApi
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.live_hub import LiveHub
from tests.people import ADA


@pytest.fixture
def speaker(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory, locale: str) -> str:
    """ada's private language model, which nobody has loaded yet."""
    name = f"ada/talks-{locale}"
    folder: Path = tmp_path_factory.mktemp("talker")
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    (folder / "README.md").write_text("---\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n")
    api = HfApi(hub.url, token=hub.token(ADA))
    api.create_repo(name, private=True)
    api.upload_folder(repo_id=name, folder_path=folder)
    return name


@pytest.mark.client
@pytest.mark.slow
@pytest.mark.parametrize(("locale", "answered"), [("en", "Answered: "), ("zh-CN", "已回答: ")])
def test_a_conversation_in_a_browser(
    hub: LiveHub,
    walk_folder: Path,
    chromium: str,
    node_env: dict[str, str],
    speaker: str,
    locale: str,
    answered: str,
) -> None:
    words = ["node", "talk.mjs", hub.url, chromium, speaker, ADA.name, ADA.password, locale]
    done = subprocess.run(
        words, cwd=walk_folder, env=node_env, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert (seen["stopShown"], seen["givenBack"]) == (True, "hello")
    assert "6 " in seen["figures"]
    assert seen["spoken"].startswith(answered)
    assert "%" in seen["told"]
    assert seen["tokens"] == 6
    assert (seen["afterAgain"], seen["afterMore"], seen["edited"], seen["afterNew"]) == (2, 4, ["more", 2], 0)
    assert "temperature=0.25" in seen["code"]
    assert len(seen["sides"]) == 2
    named = quote(speaker, safe="")
    assert seen["link"].endswith(f"?model={named}&model={named}%40main&prompt=hello")
    assert seen["overflow"] <= 0
    assert seen["turns"] == 4
    assert (seen["faults"], seen["strangers"]) == ([], [])
