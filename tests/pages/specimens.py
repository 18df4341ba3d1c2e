"""Files of every kind that has a preview, a gated card, and how many models the owner of many has."""

import io
import json
import wave
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.formats.weights import gguf
from tests.hub.previews import samples

MANY = 34
"""Models of the owner who has many."""
GATED = """---
license: other
extra_gated_heading: Tell us who you are
extra_gated_prompt: "**Be kind** to bears."
extra_gated_fields:
  Company: text
  Country: country
  I will not feed them: checkbox
---
# Behind the gate
"""
NOTES = {"bears": [{"name": "Nanuk", "weight": 420.5, "asleep": False}, {"name": "苔丝", "weight": None}], "floe": {}}
LINES = "".join(json.dumps({"id": number, "text": f"bear {number}"}) + "\n" for number in range(30))
TABLE = "place,bears,note\n" + "".join(f"floe {n},{n * 3},=SUM(A1)+{n}\n" for n in range(120))
NAMES = ("notebook.ipynb", "rows.parquet", "tiny.gguf", "pack.zip", "notes.json", "lines.jsonl", "table.csv", "hum.wav")
FILES = (*NAMES, "paper.pdf", "floe.png", "raw.bin", "Many bears")


def files() -> dict[str, str | bytes]:
    """A file a preview."""
    made: tuple[str | bytes, ...] = (
        json.dumps(samples.NOTEBOOK),
        parquet(),
        small_gguf(),
        samples.zipped(["bears/", "bears/one.txt", "<b>two</b>.txt"]),
        json.dumps(NOTES, ensure_ascii=False),
        LINES,
        TABLE,
        hum(),
    )
    return {
        **dict(zip(NAMES, made, strict=True)),
        "paper.pdf": samples.pdf(),
        "floe.png": samples.PNG,
        "raw.bin": b"\0\1\2",
    }


def parquet() -> bytes:
    """Names, numbers, lists and long texts."""
    columns: dict[str, list[Any]] = {
        "name": [f"bear {n}" for n in range(40)],
        "weight": [n / 3 for n in range(40)],
        "tracks": [list(range(n % 4)) for n in range(40)],
        "text": ["北极熊在冰上行走。" * (n % 30) for n in range(40)],
    }
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made, row_group_size=20)
    return made.getvalue()


def small_gguf() -> bytes:
    """A header with two tensors."""
    facts: dict[str, tuple[str, object]] = {
        "general.architecture": ("str", "llama"),
        "llama.context_length": ("u32", 4096),
        "tokenizer.ggml.tokens": ("[str]", ["a", "b"]),
    }
    return gguf(facts, {"token_embd.weight": (8, 4), "output.weight": (4, 8)})


def hum() -> bytes:
    """A tenth of a second of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return made.getvalue()
