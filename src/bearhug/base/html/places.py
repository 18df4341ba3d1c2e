"""Where every page leads: its bar, and the menu of those who are signed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A link: its label in English (catalogues have the others), the icon's name, the address.

    One that is `tucked` stands in the menu of an account, not in the bar.
    """

    label: str
    icon: str
    path: str
    tucked: bool = False


OF_THE_HUB = (
    Place("Models", "model", "/models"),
    Place("Datasets", "dataset", "/datasets"),
    Place("Spaces", "space", "/spaces"),
)
