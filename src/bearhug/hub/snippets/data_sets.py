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
    """Libraries that read a file. Those that know one fixed host read it through the client of the hub."""
    path, formats = text_of(facts.get("data_file")) or "", list_of(facts.get("formats"))
    form = text_of(formats[0]) if formats else None
    if not is_plain(path):
        return {}
    place = f"datasets/{full_name}/{path}"
    if form == "webdataset":
        there = f"{url}/datasets/{full_name}/resolve/main/{quote(path)}"
        return {"webdataset": [("", f'import webdataset as wds\n\ndata = wds.WebDataset("{there}")')]}
    if form not in READERS:
        return {}
    return {key: [("", aimed(code, url))] for key, code in _codes(place, form, path).items()}


def _codes(place: str, form: str, path: str) -> dict[str, str]:
    """The code of each library, with the options that the file needs to be read as it is meant."""
    kind, options = _options(form, path)
    there, through = f"hf://{place}", "from huggingface_hub import HfFileSystem"
    query = f"SELECT * FROM '{there}' LIMIT 10"  # noqa: S608 - code to read, and both names are plain
    return {
        "pandas": f'import pandas as pd\n\ndf = pd.read_{form}("{there}"{options.get("pandas", "")})',
        "polars": f"import polars as pl\n{through}\n\n"
        f'with HfFileSystem().open("{place}") as file:\n    df = pl.read_{kind}(file{options.get("polars", "")})',
        "dask": f'import dask.dataframe as dd\n\ndf = dd.read_{form}("{there}"{options.get("dask", "")})',
        "duckdb": f"import duckdb\n{through}\n\n"
        f'duckdb.register_filesystem(HfFileSystem())\nduckdb.sql("{query}").show()',
    }


def _options(form: str, path: str) -> tuple[str, dict[str, str]]:
    """What polars calls the format, and arguments for libraries that would not find out by themselves."""
    if form == "json" and path.endswith((".jsonl", ".ndjson")):
        return "ndjson", {"pandas": ", lines=True"}
    if form == "json":
        return form, {"dask": ', orient="records", lines=False'}
    if path.endswith(".tsv"):
        return form, {"pandas": r', sep="\t"', "polars": r', separator="\t"', "dask": r', sep="\t"'}
    return form, {}


def _card(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping_of(facts.get("card_data"))
