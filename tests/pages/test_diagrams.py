"""Diagrams are drawn in a frame without rights: they are pictures to the page, and nothing in them runs."""

import base64
import json
import subprocess
from pathlib import Path

import httpx
import pytest
from tests.live_hub import LiveHub
from tests.people import ADA

CARD = """# Diagrams

```mermaid
graph LR
  A[Tokens] --> B{Attention}
  B --> C[Logits]
```

```mermaid
graph LR
  A["<img src=x onerror=parent.hurt=1>"] --> B["<script>parent.hurt=1</script>"]
  click A "javascript:parent.hurt=1"
  click B href "https://evil.example/"
```

```mermaid
this is no diagram
```
"""


@pytest.mark.client
def test_diagrams_are_pictures_and_nothing_in_them_runs(
    hub: LiveHub, walk_folder: Path, chromium: str, node_env: dict[str, str]
) -> None:
    token = hub.tokens[ADA.name, "write"]
    with httpx.Client(base_url=hub.url, headers={"authorization": f"Bearer {token}"}, trust_env=False) as http:
        http.post("/api/repos/create", json={"name": "diagrams", "type": "model"}).raise_for_status()
        text = base64.b64encode(CARD.encode()).decode()
        lines = (
            {"key": "header", "value": {"summary": "Draw"}},
            {"key": "file", "value": {"path": "README.md", "content": text, "encoding": "base64"}},
        )
        sent = {"content": "\n".join(map(json.dumps, lines)), "headers": {"content-type": "application/x-ndjson"}}
        http.post("/api/models/ada/diagrams/commit/main", **sent).raise_for_status()  # type: ignore[arg-type]
    program = ["node", "diagrams.mjs", chromium, f"{hub.url}/ada/diagrams"]
    done = subprocess.run(
        program, cwd=walk_folder, env=node_env, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert seen["whole"] == {"drawn": 2, "sources": 3, "frames": 2, "hurt": False, "wide": True}
    assert seen["strangers"] == []
    assert all("Content Security Policy" in fault for fault in seen["faults"]), seen["faults"]
    assert seen["plain"] == {"drawn": 0, "sources": 3}
