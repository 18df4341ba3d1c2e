"""Whoever has no mouse gets as far as everybody: the first journey and the quick search, by keys alone."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.live_hub import LiveHub


@pytest.mark.client
@pytest.mark.parametrize(("locale", "said"), [("en", ("Hello", "1 results")), ("zh-CN", ("你好", "1 个结果"))])
def test_the_first_journey_by_keys_alone(
    hub: LiveHub,
    walk_folder: Path,
    chromium: str,
    node_env: dict[str, str],
    tmp_path: Path,
    locale: str,
    said: tuple[str, str],
) -> None:
    name, file = f"keys-{locale[:2]}", tmp_path / "notes.txt"
    file.write_text("brought by keys\n")
    words = ["node", "keys.mjs", hub.url, chromium, name, locale, str(file)]
    done = subprocess.run(
        words, cwd=walk_folder, env=node_env, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert said[0] in seen["home"]
    assert "notes.txt" in seen["files"]
    assert said[1] in seen["said"]
    assert seen["chosen"] == f"{name}/keyed-{name}"
    shut, opened, moved, escaped, again = seen["states"]
    assert shut == [True, "false", None]
    assert opened == [True, "true", None]
    assert moved == [True, "true", "quick-0"]
    assert escaped == [True, "false", None]
    assert again == [True, "true"]
    assert seen["faults"] == []
