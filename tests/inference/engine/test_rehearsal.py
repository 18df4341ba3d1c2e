"""Forms that would break an engine are found beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bearhug.inference.engine.graphs import writing
from bearhug.inference.engine.rehearsal import Rehearsal
from bearhug.inference.engine.words import Words
from bearhug.inference.tasks.source import Source

Family = Callable[[str], tuple[Path, Any]]


@pytest.fixture(scope="module")
def rehearsal(family: Family, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder, _ = family("llama")
    graph = tmp_path_factory.mktemp("rehearsal") / "graph"
    words = Words(Source(folder), graph.with_name("words"))
    writing.write(folder, graph, "int8", lambda: words.forms)
    made = Rehearsal(graph, 320)
    yield made
    made._end()


def test_forms_that_can_be_followed_pass_and_are_known_the_next_time(rehearsal: Rehearsal) -> None:
    shapes = [("regex", "[a-c]{3,5}"), ("json", '{"type": "object"}'), ("grammar", 'root ::= "yes" | "no"')]
    for shape in shapes * 2:
        rehearsal.check(shape)
    assert set(shapes) <= set(rehearsal._known)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (("regex", "(((("), "parenthesis"),
        (("json", '{"type": "nonsense"}'), "nonsense"),
        (("json", '{"$ref": "#"}'), "too much"),
        (("grammar", "root ::="), "EBNF"),
    ],
)
def test_forms_that_break_the_engine_are_refused_and_others_pass_behind_them(
    rehearsal: Rehearsal, shape: tuple[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        rehearsal.check(shape)
    rehearsal.check(("regex", f"[a-d]{{2}}{len(words)}"))
