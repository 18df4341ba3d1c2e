"""The first journey in a real browser: an account, a model, its card and files, an edit, another name, its end."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.live_hub import LiveHub


@pytest.mark.client
@pytest.mark.parametrize(("locale", "hello"), [("en", "Hello"), ("zh-CN", "你好")])
def test_the_first_journey_in_a_browser(
    hub: LiveHub, walk_folder: Path, chromium: str, node_env: dict[str, str], locale: str, hello: str
) -> None:
    name = f"walker-{locale[:2]}"
    words = ["node", "walk.mjs", hub.url, chromium, name, locale]
    done = subprocess.run(
        words, cwd=walk_folder, env=node_env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert hello in seen["home"]
    assert f"git clone {hub.url}/{name}/first" in seen["lesson"]
    assert seen["committed"] == 200
    assert "My bear" in seen["card"]
    assert "print('hello')" in seen["source"]
    assert "run.py" in seen["files"]
    for shown in (seen["difference"], seen["commit"]):
        assert "print('hello')" in shown
        assert "print('hello, bear')" in shown
    assert "print('hello, bear')" in seen["changed"]
    assert (seen["moved"], seen["gone"]) == (f"{hub.url}/{name}/second", 404)
    assert (seen["marked"], seen["hurt"], seen["overflow"]) == (1, False, 0)
    assert seen["faults"] == []
    assert seen["strangers"] == []
