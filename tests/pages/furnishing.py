"""A live hub with something on every page: repositories with cards, files, history, likes."""

import base64
import json
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from tests.live_hub import LiveHub
from tests.pages import specimens
from tests.people import ADA, BOB, EVE, ROOT, Person

Files = dict[str, str | bytes]
TALKER: Files = {
    "README.md": "---\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n# Talker\n",
    "config.json": '{"model_type": "llama"}\n',
    "tokenizer_config.json": '{"chat_template": "{{ messages[0].content }}"}\n',
}

CARD = """---
license: mit
language: [en, zh]
pipeline_tag: text-classification
library_name: transformers
tags: [bears, "<b>odd</b> tag", winter]
datasets: [lab/tracks]
---
# Polar bear

A *small* model with a [link](src/run.py), a ![picture](bear.svg) and 中文。

| size | speed |
|---|---|
| small | fast |

- [x] done
- [ ] not yet

> [!NOTE]
> Bears sleep in winter.

```python
print("hello")
```

A footnote[^1] and maths: $a^2 + b^2$.

[^1]: Here it is.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>\n'
HEADER = b'{"bear":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
WEIGHTS = struct.pack("<Q", len(HEADER)) + HEADER + bytes(16)
MODEL_FILES: Files = {
    "model.safetensors": WEIGHTS,
    "README.md": CARD,
    "config.json": '{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}\n',
    "src/run.py": "import sys\n\n\ndef main() -> None:\n    print('hello', sys.argv)\n",
    "bear.svg": SVG,
    "a name with spaces & <tags>.txt": "odd names are names\n",
}
DATA_FILES: Files = {
    "README.md": "---\nlicense: cc-by-4.0\ntask_categories: [text-classification]\nlanguage: zh\n---\n# Tracks\n",
    "tracks.csv": "place,bears\nfloe,2\ncave,=1+1\n",
}
SPACE_FILES: Files = {"README.md": "---\nsdk: gradio\ntitle: Den\nemoji: 🐻\n---\n# Den\n", "app.py": "print('den')\n"}


WRITTEN = ("Bring it in", "Say less", "initial commit", "run.py", "Linux, macOS")
THEIRS = (*MODEL_FILES, *DATA_FILES, *SPACE_FILES, *WRITTEN, *specimens.FILES)
"""What people or git wrote; it is the same in every language."""


def furnish(hub: LiveHub) -> dict[str, str]:
    """Make what the addresses speak of; gives the links that are shown once, by their names in addresses."""
    token = hub.tokens[ADA.name, "write"]
    with httpx.Client(base_url=hub.url, headers={"authorization": f"Bearer {token}"}, trust_env=False) as http:
        _repo(http, "model", "lab", "polar-bear", MODEL_FILES)
        _repo(http, "model", "lab", "empty", {})
        _repo(http, "model", "lab", "talker", TALKER)
        _repo(http, "model", "ada", "secret-bear", {"README.md": "# Secret\n"}, private=True)
        _repo(http, "dataset", "lab", "tracks", DATA_FILES)
        _repo(http, "space", "lab", "den", SPACE_FILES, sdk="gradio")
        _commit(http, "models/lab/polar-bear", {"config.json": '{"model_type": "bert"}\n'}, "Say less")
        http.post("/api/models/lab/polar-bear/like").raise_for_status()
        deployed = http.post("/api/deployments", json={"model": "lab/polar-bear", "engine": "transformers"}).json()
        http.post(f"/api/deployments/{deployed['id']}/stop").raise_for_status()
        bob = {"authorization": f"Bearer {hub.tokens[BOB.name, 'write']}"}
        http.post("/api/users/ada/follow", headers=bob).raise_for_status()
        http.post("/api/users/bob/follow").raise_for_status()
        _specimens(http)
    return _welcome(hub)


def _specimens(http: httpx.Client) -> None:
    """A file of every kind, a gated model, and an owner of many."""
    _repo(http, "dataset", "lab", "zoo", {"README.md": "# Zoo\n", **specimens.files()})
    for name in ("gated-bear", "gated-fox"):
        _repo(http, "model", "lab", name, {"README.md": specimens.GATED, "config.json": "{}\n"})
        http.put(f"/api/models/lab/{name}/settings", json={"gated": "manual"}).raise_for_status()
    http.post("/api/organizations", json={"name": "many", "fullname": "Many bears"}).raise_for_status()
    for number in range(specimens.MANY):
        _repo(http, "model", "many", f"bear-{number}", {})


def _welcome(hub: LiveHub) -> dict[str, str]:
    """Open invitations, a new password and a request for access, made as people make them."""
    links = {}
    with _signed_in(hub, ADA) as ada:
        invited = {"deed": "invite", "user": EVE.name, "role": "write", "life": "14"}
        _sent(ada, "/organizations/lab/members", invited)
        shown = _sent(ada, "/organizations/lab/members", {"deed": "link", "role": "read", "life": "14"})
        links["membership"] = _link(shown, "/organizations/join/")
    with _signed_in(hub, ROOT) as root:
        links["account"] = _link(_sent(root, "/settings/invitations", {"note": "a friend", "life": "14"}), "?invite=")
    links["password"] = _link(hub.command("user", "reset-link", BOB.name), "/reset/")
    with _signed_in(hub, EVE) as eve:
        answers = {"Company": "Ice", "Country": "CN", "I will not feed them": "true"}
        _sent(eve, "/lab/gated-fox/ask-access", answers)
    return links


def _link(text: str, begin: str) -> str:
    found = re.search(re.escape(begin) + r"([\w.-]{8,})", text)
    assert found is not None, text[:2000]
    return found[1]


@contextmanager
def _signed_in(hub: LiveHub, person: Person) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=hub.url, headers={"origin": hub.url}, trust_env=False) as http:
        _sent(http, "/login", {"username": person.name, "password": person.password})
        yield http


def _sent(http: httpx.Client, path: str, form: dict[str, str]) -> str:
    answer = http.post(path, data=form)
    assert answer.status_code in (200, 303), answer.text[:2000]
    return answer.text


def _repo(http: httpx.Client, kind: str, owner: str, name: str, files: Files, **more: Any) -> None:
    organization = {} if owner == ADA.name else {"organization": owner}
    asked = {"name": name, "type": kind, **organization, **more}
    http.post("/api/repos/create", json=asked).raise_for_status()
    if files:
        _commit(http, f"{kind}s/{owner}/{name}", files, "Bring it in")


def _commit(http: httpx.Client, repo: str, files: Files, summary: str) -> None:
    lines: list[dict[str, Any]] = [{"key": "header", "value": {"summary": summary}}]
    for path, text in files.items():
        raw = text.encode() if isinstance(text, str) else text
        content = base64.b64encode(raw).decode()
        lines.append({"key": "file", "value": {"path": path, "content": content, "encoding": "base64"}})
    body = "\n".join(json.dumps(line) for line in lines)
    answer = http.post(f"/api/{repo}/commit/main", content=body, headers={"content-type": "application/x-ndjson"})
    answer.raise_for_status()
