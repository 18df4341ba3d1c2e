"""Checking cards, and the tags in use."""

from starlette.responses import Response

from bearhug.base.census import Census
from bearhug.base.errors import BadRequest
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import MIB, Row
from bearhug.hub.cards.service import Cards
from bearhug.hub.cards.tag_tables import tags_by_type
from bearhug.hub.cards.validation import review
from bearhug.hub.cards.wire import review_json, tags_json
from bearhug.hub.repos.records import KINDS


class CardsApi:
    """`validate-yaml` and the two tag tables."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._counts = Census(self._count, fresh=0.0)

    def rows(self) -> list[Row]:
        tags = "{type: [{type, label, id, count, subType?}]}"
        return [
            Row(
                "POST",
                "/api/validate-yaml",
                self.validate,
                "Check a card's metadata",
                body="json",
                limit=4 * MIB,
                returns="{errors: [{message}], warnings: [{message}]}, with 400 where there are errors",
            ),
            Row("GET", "/api/models-tags-by-type", self.model_tags, "Tags of models by type", returns=tags),
            Row("GET", "/api/datasets-tags-by-type", self.dataset_tags, "Tags of data sets by type", returns=tags),
        ]

    def validate(self, call: Call) -> Response:
        """Always JSON: clients parse it before they look at the status."""
        data = call.json()
        kind, content = data.get("repoType") or "model", data.get("content")
        if kind not in KINDS or not isinstance(content, str):
            raise BadRequest(
                'Send {"content": the card, "repoType": "model", "dataset" or "space"}.', errors=[], warnings=[]
            )
        found = review(kind, content)
        return json_answer(review_json(found), status=400 if found.errors else 200)

    def model_tags(self, _call: Call) -> Response:
        return self._tags("model")

    def dataset_tags(self, _call: Call) -> Response:
        return self._tags("dataset")

    def _tags(self, kind: str) -> Response:
        return json_answer(tags_json(tags_by_type(kind, self._counts.of(kind))))

    def _count(self, kind: str) -> dict[str, int]:
        with self._cards.db.reading() as tx:
            return self._cards.tag_counts(tx, kind)
