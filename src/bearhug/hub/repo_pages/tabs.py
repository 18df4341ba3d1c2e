"""The tabs that every hub has; wings bring more."""

from bearhug.hub.repo_pages.records import Band, Tab


def all_kinds(label: str) -> dict[str, str]:
    """One label for models, datasets and Spaces."""
    return dict.fromkeys(("model", "dataset", "space"), label)


def _administers(band: Band) -> bool:
    return band.may_administer


CARD = Tab("card", "", "card", {"model": "Model card", "dataset": "Dataset card", "space": "Space card"})
FILES = Tab("files", "/tree/main", "folder", all_kinds("Files"))
HISTORY = Tab("commits", "/commits/main", "history", all_kinds("History"))
SETTINGS = Tab("settings", "/settings", "gear", all_kinds("Settings"), _administers)


def in_order(brought: tuple[Tab, ...]) -> tuple[Tab, ...]:
    """The card first, then what wings bring, then files, history and settings."""
    return (CARD, *brought, FILES, HISTORY, SETTINGS)
