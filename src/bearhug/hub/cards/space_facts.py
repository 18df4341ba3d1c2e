"""Facts about Spaces: their card is their configuration."""

from bearhug.hub.cards.reading import names, texts
from bearhug.hub.cards.records import CardFacts, Source


def derive(source: Source, _name: str) -> CardFacts:
    """All facts of a Space."""
    sdk = source.metadata.get("sdk")
    kind = sdk if isinstance(sdk, str) else None
    tags = [kind, *texts(source.metadata.get("tags")), *(f"license:{x}" for x in texts(source.metadata.get("license")))]
    return CardFacts(
        tags=tuple(dict.fromkeys([*(tag for tag in tags if tag), "region:us"])),
        card_data=source.metadata or None,
        sdk=kind,
        models=tuple(names(source.metadata.get("models"))),
        datasets=tuple(names(source.metadata.get("datasets"))),
    )
