"""Fills a stopped hub with repositories that share one git folder: enough for lists and searches."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from bearhug import config
from bearhug.base.db import Database, Tx
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.git.store import Folders
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.terms import label_terms, name_terms, text_terms

TASKS = ["text-generation", "text-classification", "fill-mask", "translation", "image-classification", "summarization"]
LIBRARIES = ["transformers", "diffusers", "sentence-transformers", "peft", "gguf", "onnx"]
LANGUAGES = ["en", "zh", "de", "fr", "ja", "es", "ko"]
LICENSES = ["apache-2.0", "mit", "cc-by-4.0", "llama3"]
WORDS = "bert gpt llama tiny large base chat code vision whisper 中文 模型 小 分类 distil qwen mistral small".split()
BATCH = 20_000
PUT_TERMS = text("INSERT INTO search_docs (rowid, terms) VALUES (:id, :terms)")


def multiply(data: Path, count: int) -> None:
    """Make `count` models in the manner of the one that is there."""
    settings = config.load(data)
    database = Database(settings.database_url)
    folders = Folders(settings.repos, data / "pending", data / "trash")
    chance = random.Random(1)
    with database.reading() as tx:
        pattern = dict(tx.execute(select(repos)).mappings().one())
    for start in range(1, count + 1, BATCH):
        rows = list(_rows(pattern, start, min(start + BATCH, count + 1), chance))
        with database.writing() as tx:
            _put(tx, rows, chance)
        _link(folders, pattern["folder"], rows)
    database.close()


def _link(folders: Folders, pattern: str, rows: list[dict[str, Any]]) -> None:
    """One git folder serves all of them."""
    target = folders.path(pattern)
    for row in rows:
        link = folders.path(row["folder"])
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)


def _rows(pattern: dict[str, Any], start: int, stop: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(start, stop):
        name = f"{chance.choice(WORDS[:12])}-{chance.choice(WORDS[:8])}-{number}"
        at = datetime(2024, 1, 1) + timedelta(minutes=number)
        yield {
            **pattern,
            "id": pattern["id"] + number,
            "name": name,
            "name_key": name.lower(),
            "folder": sha256(name.encode()).hexdigest()[:32],
            "created_at": at,
            "updated_at": at + timedelta(minutes=chance.randrange(100_000)),
            "likes": int(chance.paretovariate(1.0)) - 1,
            "downloads": int(chance.paretovariate(0.6)),
            "trending": chance.random(),
            "parameters": chance.randrange(10**11),
        }


def _put(tx: Tx, rows: list[dict[str, Any]], chance: random.Random) -> None:
    tx.execute(insert(repos), rows)
    facts, tags, docs = [], [], []
    for row in rows:
        card = {"pipeline_tag": chance.choice(TASKS), "library_name": chance.choice(LIBRARIES)}
        labels = {
            *card.values(),
            chance.choice(LANGUAGES),
            f"license:{chance.choice(LICENSES)}",
            f"dataset:ada/data-{chance.randrange(500)}",
            "region:us",
        }
        known = {"commit": row["head"], "facts": {"tags": sorted(labels)}, "parameters": row["parameters"]}
        facts.append({"repo_id": row["id"], **card, **known})
        tags += [{"tag": label, "repo_id": row["id"]} for label in sorted(labels)]
        terms = name_terms(f"ada/{row['name']}") | text_terms(" ".join(chance.choices(WORDS, k=12)))
        terms |= label_terms(row["kind"], labels)
        docs.append({"id": row["id"], "terms": " ".join(sorted(terms))})
    tx.execute(insert(card_facts), facts)
    tx.execute(insert(repo_tags), sorted(tags, key=lambda pair: (pair["tag"], pair["repo_id"])))
    tx.execute(PUT_TERMS, docs)
