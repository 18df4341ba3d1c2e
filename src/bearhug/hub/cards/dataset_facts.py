"""Facts about data sets: what the card says, completed by the files' formats."""

import re
from collections.abc import Mapping

from bearhug.formats.values import Json, text_of
from bearhug.hub.cards.dataset_formats import Shape, first_file, shape_of
from bearhug.hub.cards.reading import arxiv_ids, licence_of, names, texts, unique
from bearhug.hub.cards.records import CardFacts, Source

CARD_TAGS = (
    "task_categories",
    "task_ids",
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "source_datasets",
    "language",
)
LONGEST_DESCRIPTION = 500
LONGEST_CITATION = 4000
LOOKED_AT = 100_000
_SKIPPED = re.compile(r"\s*(?:#|<|\||!\[|\[!\[|[-*+=>]|`{3}|~{3}|\d+\.\s|:?-{3})")
_MARKS = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)|[*_`]{1,3}")
_FENCE = re.compile(r"\s*(?:`{3}|~{3})")
_ENTRY = re.compile(r"^\s*@[A-Za-z]{3,20}\{", re.MULTILINE)


def derive(source: Source, _name: str) -> CardFacts:
    """All facts of a data set."""
    card, shape = source.metadata, shape_of(source)
    sizes = tuple(texts(card.get("size_categories"))) or ((shape.size,) if shape.size else ())
    arxiv = tuple(arxiv_ids(source.body))
    return CardFacts(
        tags=_tags(card, shape, sizes, arxiv),
        languages=tuple(texts(card.get("language"))),
        licence=licence_of(card),
        arxiv=arxiv,
        card_data=card or None,
        formats=shape.formats,
        modalities=shape.modalities,
        size_categories=sizes,
        description=(text_of(card.get("description")) or description_of(source.body) or "")[:LONGEST_DESCRIPTION]
        or None,
        citation=citation_of(source.body),
        models=tuple(names(card.get("models"))),
        data_file=first_file(source.files, shape.formats),
        file_count=len(source.files),
    )


def _tags(card: Mapping[str, Json], shape: Shape, sizes: tuple[str, ...], arxiv: tuple[str, ...]) -> tuple[str, ...]:
    licence = licence_of(card)
    return unique(
        [
            *(f"{key}:{value}" for key in CARD_TAGS for value in texts(card.get(key))),
            f"license:{licence}" if licence else None,
            *(f"size_categories:{size}" for size in sizes),
            *(f"format:{name}" for name in shape.formats),
            *(f"modality:{name}" for name in shape.modalities),
            *(f"library:{name}" for name in shape.libraries),
            *(f"arxiv:{number}" for number in arxiv),
            "region:us",
            *texts(card.get("tags")),
        ]
    )


def description_of(body: str) -> str | None:
    """The first paragraph of plain text, without marks."""
    fenced = False
    for line in body[:LOOKED_AT].splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and len(line.strip()) >= 20 and not _SKIPPED.match(line):
            plain = _MARKS.sub(lambda found: found[1] or "", line[: 4 * LONGEST_DESCRIPTION]).strip()
            return plain[:LONGEST_DESCRIPTION] or None
    return None


def citation_of(body: str) -> str | None:
    """The first BibTeX entry."""
    start = _ENTRY.search(body[:LOOKED_AT])
    if not start:
        return None
    text = body[start.start() : start.start() + LONGEST_CITATION].strip()
    end = re.search(r"^\s*\}\s*$|\}\}\s*$", text, re.MULTILINE)
    return text[: end.end()].strip() if end else text.partition("```")[0].strip()
