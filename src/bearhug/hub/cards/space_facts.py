"""Facts about Spaces: their card is their configuration."""

from bearhug.formats.values import text_of
from bearhug.hub.cards.reading import arxiv_ids, licence_of, names, texts, unique
from bearhug.hub.cards.records import CardFacts, Source


def derive(source: Source, _name: str) -> CardFacts:
    """All facts of a Space."""
    card = source.metadata
    sdk = text_of(card.get("sdk"))
    licence = licence_of(card)
    return CardFacts(
        tags=unique([sdk, *texts(card.get("tags")), f"license:{licence}" if licence else None, "region:us"]),
        licence=licence,
        arxiv=tuple(arxiv_ids(source.body)),
        card_data=card or None,
        description=text_of(card.get("short_description")),
        sdk=sdk,
        file_count=len(source.files),
        models=tuple(names(card.get("models"))),
        datasets=tuple(names(card.get("datasets"))),
    )
