"""Where the bar of every page leads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A link of the bar: its label in English (catalogues have the others), the icon's name, the address."""

    label: str
    icon: str
    path: str


OF_THE_HUB = (
    Place("Models", "model", "/models"),
    Place("Datasets", "dataset", "/datasets"),
    Place("Spaces", "space", "/spaces"),
)
