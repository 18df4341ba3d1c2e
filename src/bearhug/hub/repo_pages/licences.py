"""Where the text of a licence stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bearhug.formats.values import mapping_of, text_of

SPDX = {
    name.lower(): name
    for name in (
        "AFL-3.0 AGPL-3.0 Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSL-1.0 C-UDA-1.0 "
        "CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-NC-2.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-3.0 "
        "CC-BY-NC-ND-4.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 "
        "CC0-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ECL-2.0 EPL-1.0 EPL-2.0 etalab-2.0 EUPL-1.1 "
        "EUPL-1.2 GPL-2.0 GPL-3.0 ISC LGPL-2.1 LGPL-3.0 LPPL-1.3c MIT MPL-2.0 MS-PL NCSA ODC-By-1.0 ODbL-1.0 OFL-1.1 "
        "OSL-3.0 PDDL-1.0 PostgreSQL Unlicense WTFPL Zlib"
    ).split()
} | {"odc-by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0", "c-uda": "C-UDA-1.0", "lppl-1.3c": "LPPL-1.3c"}
"""Licence ids of cards, and the same in the SPDX list."""


@dataclass(frozen=True)
class Licence:
    """A licence's name; its text is a `file` of the repository, or stands at `link`."""

    name: str
    file: str | None = None
    link: str | None = None


def licence(facts: Mapping[str, Any], root_file: str | None) -> Licence | None:
    """What the card says of the licence: its own name and link for `other`, else the SPDX list's page."""
    known = text_of(facts.get("licence"))
    if known is None:
        return None
    card = mapping_of(facts.get("card_data"))
    name = (text_of(card.get("license_name")) or known)[:100] if known == "other" else known
    said = text_of(card.get("license_link")) or ""
    if _is_address(said):
        return Licence(name, link=said)
    if root_file or (said and "/" not in said):
        return Licence(name, file=root_file or said[:200])
    spdx = SPDX.get(known)
    return Licence(name, link=f"https://spdx.org/licenses/{spdx}.html" if spdx else None)


def _is_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https") and len(text) < 1000
    except ValueError:
        return False
