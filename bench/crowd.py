"""Fills a stopped hub with repositories that share one git folder: enough for lists and searches."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bearhug import config
from bearhug.base.db import Database, Tx
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.git.store import Folders
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.service import Search

TASKS = ["text-generation", "text-classification", "fill-mask", "translation", "image-classification", "summarization"]
LIBRARIES = ["transformers", "diffusers", "sentence-transformers", "peft", "gguf", "onnx"]
LANGUAGES = ["en", "zh", "de", "fr", "ja", "es", "ko"]
LICENSES = ["apache-2.0", "mit", "cc-by-4.0", "llama3"]
WORDS = "bert gpt llama tiny large base chat code vision whisper 中文 模型 小 分类 distil qwen mistral small".split()
BATCH = 1000


def multiply(data: Path, count: int) -> None:
    """Make `count` models in the manner of the one that is there."""
    settings = config.load(data)
    database = Database(settings.database_url)
    folders = Folders(settings.repos, data / "pending", data / "trash")
    chance = random.Random(1)
    search = Search()
    with database.reading() as tx:
        found = tx.execute(select(repos)).mappings().one()
        pattern = dict(found)
    for start in range(1, count + 1, BATCH):
        with database.writing() as tx:
            rows = list(_rows(pattern, start, min(start + BATCH, count + 1), chance))
            _put(tx, search, rows, chance)
        for row in rows:
            link = Path(folders.path(row["folder"]))
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(folders.path(pattern["folder"]))
    database.close()


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
        }


def _put(tx: Tx, search: Search, rows: list[dict[str, Any]], chance: random.Random) -> None:
    tx.execute(insert(repos), rows)
    facts, tags = [], []
    for row in rows:
        card = {"pipeline_tag": chance.choice(TASKS), "library_name": chance.choice(LIBRARIES)}
        labels = {
            *card.values(),
            chance.choice(LANGUAGES),
            f"license:{chance.choice(LICENSES)}",
            f"dataset:ada/data-{chance.randrange(500)}",
            "region:us",
        }
        known = {"commit": row["head"], "facts": {"tags": sorted(labels)}, "parameters": chance.randrange(10**11)}
        facts.append({"repo_id": row["id"], **card, **known})
        tags += [{"tag": label, "repo_id": row["id"]} for label in sorted(labels)]
        text = " ".join(chance.choices(WORDS, k=12))
        search.put(tx, row["id"], names=[f"ada/{row['name']}"], texts=[text])
    tx.execute(insert(card_facts), facts)
    tx.execute(insert(repo_tags), tags)
