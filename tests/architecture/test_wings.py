"""What wings bring stays out of the hub's own process."""

import subprocess
import sys

HEAVY = ("torch", "transformers", "onnxruntime", "openvino", "huggingface_hub", "pandas")


START = """
import sys, tempfile
from pathlib import Path
from bearhug.app import build
from bearhug.base.db import sqlite_url
from bearhug.config import Config

data = Path(tempfile.mkdtemp())
app = build(Config(data=data, database_url=sqlite_url(data / "x.db")))
assert app.edge and app.runs
app.close()
print(*sys.modules)
"""


def test_the_hub_starts_without_libraries_of_machine_learning() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert set(HEAVY) & set(done.stdout.split()) == set()
