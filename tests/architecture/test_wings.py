"""What wings bring stays out of the hub's own process, and so does at first what only some hubs or pages need."""

import subprocess
import sys

HEAVY = ("torch", "transformers", "onnxruntime", "openvino", "huggingface_hub", "pandas")

LATER = (
    "numpy",
    "pyarrow",
    "PIL",
    "pygments",
    "markdown_it",
    "mdit_py_plugins",
    "babel.messages",
    "alembic",
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "urllib3",
    "httpx",
    "setuptools",
)
"""A hub answers a third sooner without them; the page or the store that needs one imports it then."""

START = """
import sys, tempfile
from pathlib import Path
import bearhug.cli.up
from bearhug.app import build
from bearhug.base.db import sqlite_url
from bearhug.config import Config

data = Path(tempfile.mkdtemp())
app = build(Config(data=data, database_url=sqlite_url(data / "x.db")))
assert app.edge and app.runs
app.close()
print(*sys.modules)
"""


def test_the_hub_starts_without_libraries_of_machine_learning_and_of_single_pages() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert {*HEAVY, *LATER} & set(done.stdout.split()) == set()
