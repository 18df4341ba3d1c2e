"""Table question answering: the cells of a table that answer, and what to do with them."""

from typing import Any, Literal

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import tally
from bearhug.inference.tasks.parts import Parts
from bearhug.inference.tasks.task import Task, field_of, text_of

MOST_CELLS = 20_000


class TableQuestionAnswering(Task):
    """`{answer, coordinates, cells, aggregator}`."""

    heads = ("AutoModelForTableQuestionAnswering", "AutoModelForSeq2SeqLM")

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        from transformers.pipelines.table_question_answering import TableQuestionAnsweringPipeline

        kind: Any = TableQuestionAnsweringPipeline
        self._ask = kind(model=self.model, tokenizer=self.tokenizer)
        self.model.register_forward_pre_hook(_noted, with_kwargs=True)

    def __call__(
        self,
        inputs: Any,
        *,
        padding: Literal["do_not_pad", "longest", "max_length"] = "do_not_pad",
        sequential: bool = False,
        truncation: bool = False,
    ) -> Any:
        """An object with `table` (columns of texts) and `question` or `query`."""
        table = _table(field_of(inputs, "table"))
        question = text_of(field_of(inputs, "question", "query"), "a question")
        cut = "drop_rows_to_fit" if truncation else "do_not_truncate"
        try:
            found = self._ask(
                {"table": table, "query": question}, padding=padding, sequential=sequential, truncation=cut
            )
        except ValueError as error:
            if not str(error).startswith("Too many"):
                raise
            raise BadRequest(
                "The table and the question are more than this model reads. "
                'Send fewer rows, or "truncation": true to have the last ones dropped.'
            ) from error
        coordinates = [list(place) for place in found.get("coordinates", ())]
        return {
            "answer": found["answer"],
            "coordinates": coordinates,
            "cells": found.get("cells", []),
            "aggregator": found.get("aggregator", "NONE"),
        }


def _noted(_model: Any, _words: Any, given: dict[str, Any]) -> None:
    """Count what the pipeline of transformers has the model read."""
    if given.get("attention_mask") is not None:
        tally.read([int(given["attention_mask"].sum())])


def _table(given: Any) -> dict[str, list[str]]:
    """Columns of one length, every cell a text."""
    if not isinstance(given, dict) or not given or not all(isinstance(column, list) for column in given.values()):
        raise BadRequest('"table" must be an object of columns: {"name": ["…", …], …}.')
    lengths = {len(column) for column in given.values()}
    if len(lengths) != 1 or lengths == {0}:
        raise BadRequest("The columns of the table must be of one length, and not empty.")
    if len(given) * lengths.pop() > MOST_CELLS:
        raise BadRequest(f"The table has more than {MOST_CELLS:,} cells.")
    return {str(name): [str(cell) for cell in column] for name, column in given.items()}
