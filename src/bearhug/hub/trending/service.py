"""The rule of the trending score."""

import math
from datetime import UTC, date, datetime
from itertools import islice

from bearhug.base.db import Database
from bearhug.hub.trending import store

TOGETHER = 1000
"""Rows a transaction, so that nobody waits for a large hub's scores."""
NOTICEABLE = 0.0005


class Trending:
    """Likes of the last weeks, and downloads on a scale where each doubling counts like one like."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def score_all(self, today: date | None = None) -> int:
        """Bring every score up to date; how many changed."""
        day = today or datetime.now(UTC).date()
        with self.db.reading() as tx:
            liked, loaded = store.recent_likes(tx, day), store.recent_downloads(tx, day)
            before = store.scores(tx)
        changed = []
        for repo_id in liked.keys() | loaded.keys() | before.keys():
            score = liked.get(repo_id, 0.0) + math.log2(1 + loaded.get(repo_id, 0.0))
            if abs(score - before.get(repo_id, 0.0)) > NOTICEABLE:
                changed.append((repo_id, score))
        left = iter(changed)
        while together := dict(islice(left, TOGETHER)):
            with self.db.writing() as tx:
                store.set_scores(tx, together)
        return len(changed)
