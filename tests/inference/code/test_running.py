"""Every line of code that pages show does what it says: in a shell, in Python and in Node, against a live hub."""

import contextlib
import html
import io
import os
import re
import subprocess
import urllib.error
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi
from tests.inference import tiny
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.inference.tasks.samples import picture, sound
from tests.live_hub import LiveHub
from tests.oracle import eventually, numbered
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]
MODELS = {
    "text-classification": "bert-classifier",
    "zero-shot-classification": "bert-nli",
    "token-classification": "bert-ner",
    "question-answering": "bert-qa",
    "table-question-answering": "tapas",
    "fill-mask": "bert-mlm",
    "summarization": "t5",
    "translation": "t5",
    "text2text-generation": "t5",
    "text-generation": "gpt2",
    "feature-extraction": "bert-plain",
    "sentence-similarity": "sentences",
    "text-ranking": "bert-reranker",
    "image-classification": "vit",
    "zero-shot-image-classification": "clip",
    "image-segmentation": "segformer",
    "background-removal": "segformer",
    "object-detection": "yolos",
    "depth-estimation": "glpn",
    "image-to-text": "caption",
    "automatic-speech-recognition": "ctc",
    "audio-classification": "sounds",
}
EXAMPLES = {
    "summarization": "the film is good .",
    "text2text-generation": "the film is good .",
    "text-generation": "ada",
}


def shown(hub: LiveHub, address: str) -> list[tuple[str, str]]:
    """The programs on a page with their titles."""
    pages: list[str] = []

    def is_there() -> bool:
        """The card is read shortly after the commit."""
        with contextlib.suppress(urllib.error.HTTPError):
            pages.append(hub.get(address, token=hub.token(ADA), headers={"accept": "text/html"}).decode())
        return bool(pages)

    assert eventually(is_there, within=60)
    page = pages[0]
    part = page[page.index('class="code-tabs"') :]
    titles = re.findall(r'<label for="\w+-code-\d">([^<]+)</label>', part)
    codes = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", part[: part.index("</fieldset>")], re.DOTALL)
    return [(title, html.unescape(re.sub(r"<[^>]+>", "", code))) for title, code in zip(titles, codes, strict=True)]


@pytest.fixture
def run(hub: LiveHub, node_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Runs a program in a folder with a picture and a sound; gives what it printed."""
    (tmp_path / "picture.png").write_bytes(picture())
    (tmp_path / "sound.wav").write_bytes(sound())
    (tmp_path / "node_modules").symlink_to(node_folder / "node_modules")
    token = hub.token(ADA) or ""
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HF_TOKEN": token, "NO_PROXY": "127.0.0.1"}

    def program(*words: str) -> str:
        done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        return done.stdout.decode("utf-8", "replace")

    def go(title: str, text: str) -> str:
        if title == "curl":
            return program("bash", "-c", text.replace("curl ", "curl --silent --show-error --fail-with-body ", 1))
        if title.startswith("JavaScript"):
            (tmp_path / "program.mjs").write_text(text)
            return program("node", "program.mjs")
        said = io.StringIO()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HF_TOKEN", token)
        with contextlib.redirect_stdout(said):
            exec(compile(text, title, "exec"), {"__name__": "__main__"})
        return said.getvalue()

    return go


@pytest.mark.parametrize("task", MODELS)
def test_the_code_of_a_widget_asks_the_model(
    hub: LiveHub, ada: HfApi, run: Callable[[str, str], str], tmp_path: Path, task: str
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    tiny.MODELS[MODELS[task]](folder)
    example = f"widget:\n- text: {EXAMPLES[task]}\n" if task in EXAMPLES else ""
    (folder / "README.md").write_text(f"---\npipeline_tag: {task}\n{example}---\n")
    repo = f"ada/{numbered('code')}"
    ada.create_repo(repo, private=True)
    ada.upload_folder(repo_id=repo, folder_path=folder)
    programs = shown(hub, f"/{repo}/widget")
    assert [title.split(" ")[0] for title, _ in programs] == ["curl", "Python", "JavaScript"]
    for title, text in programs:
        said = run(title, text)
        made = tmp_path / "out.png"
        assert said.strip() or made.read_bytes().startswith(b"\x89PNG"), f"{title} said nothing"
        made.unlink(missing_ok=True)
        assert '"error"' not in said, said


@pytest.fixture(scope="module")
def speaker(ada: HfApi, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("speaker")
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    (folder / "README.md").write_text("---\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n")
    repo = f"ada/{numbered('speaker')}"
    ada.create_repo(repo, private=True)
    ada.upload_folder(repo_id=repo, folder_path=folder)
    return repo


@pytest.mark.parametrize(
    "query",
    [
        "max_tokens=8&temperature=0.5&top_k=5&seed=1&system=Be+brief&stop=%22",
        "mode=text&max_tokens=8&prompt=it%27s",
        "rev=main&max_tokens=4",
    ],
)
def test_the_code_of_a_conversation_holds_it(
    hub: LiveHub, run: Callable[[str, str], str], speaker: str, query: str
) -> None:
    programs = shown(hub, f"/{speaker}/chat?{query}")
    assert len(programs) >= 4
    for title, text in programs:
        assert run(title, text), f"{title} said nothing"


def test_a_session_speaks_and_other_sites_cannot_use_it(hub: LiveHub, speaker: str) -> None:
    body = {"model": speaker, "messages": [{"role": "user", "content": "x"}], "max_tokens": 2}
    with httpx.Client(base_url=hub.url, trust_env=False, timeout=120) as http:
        http.post("/login", data={"username": ADA.name, "password": ADA.password})
        own = {"origin": hub.url, "sec-fetch-site": "same-origin"}
        assert http.post("/v1/chat/completions", json=body, headers=own).status_code == 200
        other = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        assert http.post("/v1/chat/completions", json=body, headers=other).status_code == 403
