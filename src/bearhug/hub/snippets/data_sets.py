"""Code that loads a data set: with its configurations, or one file of it straight from its address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bearhug.formats.values import list_of, mapping_of, text_of
from bearhug.hub.snippets.aiming import aimed
from bearhug.hub.snippets.answers import is_plain
from bearhug.hub.snippets.records import Offer, Snippet
from bearhug.hub.snippets.trees import tables

READERS = {"parquet": "parquet", "csv": "csv", "json": "json"}
MOST_CONFIGS = 3


def offers(full_name: str, facts: Mapping[str, Any], url: str) -> list[Offer]:
    """One offer a library that can read the files' format."""
    found = {"datasets": _datasets(full_name, facts, url), **_of_file(full_name, facts, url)}
    known = tables()["datasets"]
    return [
        Offer(key, known[key]["label"], tuple(Snippet(code, title) for title, code in codes), known[key].get("docs"))
        for key, codes in found.items()
    ]


def _datasets(full_name: str, facts: Mapping[str, Any], url: str) -> list[tuple[str, str]]:
    configs = [text_of(mapping_of(item).get("config_name")) for item in list_of(_card(facts).get("configs"))]
    names = [name for name in configs if name and is_plain(name)]
    start = "from datasets import load_dataset\n\n"
    if len(names) < 2:
        return [("", aimed(f'{start}data = load_dataset("{full_name}")', url))]
    return [(name, aimed(f'{start}data = load_dataset("{full_name}", "{name}")', url)) for name in names[:MOST_CONFIGS]]


def _of_file(full_name: str, facts: Mapping[str, Any], url: str) -> dict[str, list[tuple[str, str]]]:
    """Libraries that read a file; those that know one fixed host get the file's whole address."""
    path, formats = text_of(facts.get("data_file")) or "", list_of(facts.get("formats"))
    form = text_of(formats[0]) if formats else None
    if not is_plain(path):
        return {}
    here, there = f"hf://datasets/{full_name}/{path}", f"{url}/datasets/{full_name}/resolve/main/{quote(path)}"
    if form == "webdataset":
        return {"webdataset": [("", f'import webdataset as wds\n\ndata = wds.WebDataset("{there}")')]}
    if form not in READERS:
        return {}
    lines = ", lines=True" if form == "json" and path.endswith(("l", "ndjson")) else ""
    kind = "ndjson" if lines else form
    query = f"SELECT * FROM '{there}' LIMIT 10"  # noqa: S608 - code to read, and both names are plain
    return {
        "pandas": [("", aimed(f'import pandas as pd\n\ndf = pd.read_{form}("{here}"{lines})', url))],
        "polars": [("", f'import polars as pl\n\ndf = pl.read_{kind}("{there}")')],
        "dask": [("", aimed(f'import dask.dataframe as dd\n\ndf = dd.read_{form}("{here}")', url))],
        "duckdb": [("", f'import duckdb\n\nduckdb.sql("{query}").show()')],
    }


def _card(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping_of(facts.get("card_data"))
