"""LangChain's OpenAI classes, in a small environment of their own: they ask for other versions than the hub's tests."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import assets
from tests.clients.shell import Shell
from tests.clients.tiny_models import TinyModels
from tests.live_hub import LiveHub, client_env
from tests.people import ADA
from tests.surface import LANGCHAIN

pytestmark = [pytest.mark.client, pytest.mark.slow]
PROGRAM = """
import json, os, sys
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

url, speaker, sentences = sys.argv[1:]
common = {"base_url": url, "api_key": os.environ["HF_TOKEN"], "max_retries": 0}
chat = ChatOpenAI(model=speaker, max_tokens=8, temperature=0, **common)
said = chat.invoke("hello")
seen = {"whole": said.content, "usage": said.usage_metadata["output_tokens"]}
seen["streamed"] = [part.content for part in chat.stream("hello")]
seen["batch"] = [one.content for one in chat.batch(["hello", "bear", "hello"])]
weather = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"enum": ["Oslo"]}}}},
}
long = ChatOpenAI(model=speaker, max_tokens=120, temperature=0, seed=1, **common)
called = long.bind_tools([weather], tool_choice="required").invoke("hello")
seen["called"] = [called.response_metadata["finish_reason"], [call["name"] for call in called.tool_calls]]
digit = {
    "title": "digit",
    "type": "object",
    "properties": {"n": {"enum": [1, 2]}},
    "required": ["n"],
    "additionalProperties": False,
}
formed = long.with_structured_output(digit, method="json_schema", include_raw=True).invoke("hello")
seen["formed"] = formed["raw"].content
vectors = OpenAIEmbeddings(model=sentences, check_embedding_ctx_length=False, **common)
first, second = vectors.embed_documents(["the film is good", "paris"])
seen["sizes"] = [len(first), len(second)]
seen["same"] = max(abs(a - b) for a, b in zip(vectors.embed_query("the film is good"), first))
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def python() -> Path:
    """A Python that has langchain-openai, made once and kept beside the other assets."""
    folder = assets.cache_dir() / f"langchain-openai-{LANGCHAIN}"
    found = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [found, "-m", "pip", "install", "--quiet", f"langchain-openai=={LANGCHAIN}"]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
        (folder / "ready").touch()
    return found


@pytest.fixture(scope="module")
def seen(hub: LiveHub, python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What LangChain saw."""
    home = tmp_path_factory.mktemp("chain")
    models = TinyModels(hub, home, "chain")
    names = [models(name).removeprefix(f"{hub.url}/models/") for name in ("speaker", "sentences")]
    shell = Shell(home, {**client_env(hub.url, home / "hf", token=hub.token(ADA)), "LANGSMITH_TRACING": "false"})
    (home / "program.py").write_text(PROGRAM)
    found: dict[str, Any] = json.loads(shell(python, "program.py", f"{hub.url}/v1", *names).strip().splitlines()[-1])
    return found


@pytest.mark.covers("ChatOpenAI: invoke, stream", client="langchain")
def test_a_conversation_is_the_same_whole_streamed_and_in_a_batch(seen: dict[str, Any]) -> None:
    assert seen["whole"]
    assert "".join(seen["streamed"]) == seen["whole"]
    assert [seen["batch"][0], seen["batch"][2]] == [seen["whole"]] * 2
    assert 0 < seen["usage"] <= 8


@pytest.mark.covers("ChatOpenAI: bind_tools, with_structured_output", client="langchain")
def test_tools_are_called_and_answers_keep_to_a_form(seen: dict[str, Any]) -> None:
    reason, names = seen["called"]
    assert (reason, names) == ("tool_calls", ["weather"]) or reason == "length"
    assert seen["formed"].lstrip().startswith("{")


@pytest.mark.covers("OpenAIEmbeddings", client="langchain")
def test_texts_become_vectors(seen: dict[str, Any]) -> None:
    assert seen["sizes"] == [32, 32]
    assert seen["same"] < 1e-5
