"""Questions for lists as clients spell them, and cursors."""

import base64
import binascii
import json
import re
from datetime import datetime

from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.hub.info.fields import FULL, LISTED
from bearhug.hub.info.wire import asked_fields
from bearhug.hub.listing.records import SORTS, Question

PAGE = 1000
DEFAULT = 1000
MOST_CONDITIONS = 100
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_AMOUNT = re.compile(r"(\d{1,18}(?:\.\d{1,18})?)([kmbt]?)\Z", re.ASCII)


def question(call: Call, kind: str) -> Question:
    """Read every filter, the order, the limit and the cursor of a list request."""
    least, most = _parameters(call.one("num_parameters"))
    tags = _tags(call)
    if len(tags) + len(call.all("search")) + len(call.all("name")) > MOST_CONDITIONS:
        raise BadRequest(f"Ask for at most {MOST_CONDITIONS} tags and words at once.")
    return Question(
        kind=kind,
        author=call.one("author") or None,
        search=tuple(words for words in call.all("search") if words.strip()),
        names=tuple(words for words in call.all("name") if words.strip()),
        tags=tuple(tags),
        gated=_gated(call.one("gated")),
        pipeline_tag=call.one("pipeline_tag") or None,
        least_parameters=least,
        most_parameters=most,
        sort=_sort(call.one("sort")),
        ascending=call.one("direction") in ("1", "asc") or call.one("sort") == "least_params",
        limit=call.number("limit", DEFAULT, most=PAGE) or DEFAULT,
        after=read_cursor(call.one("cursor")),
    )


def listed_fields(call: Call, kind: str) -> set[str]:
    """`expand` names the fields; otherwise the short ones and what `full`, `cardData` and `config` add."""
    fields = set(LISTED[kind])
    if call.flag("full"):
        fields |= FULL[kind]
    if call.flag("cardData"):
        fields.add("cardData")
    if call.flag("config") and kind == "model":
        fields.add("config")
    return asked_fields(call, kind, fields)


def cursor(after: tuple[str | float | int, int] | None) -> str | None:
    if after is None:
        return None
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")


def _tags(call: Call) -> list[str]:
    tags = [tag for value in call.all("filter") for tag in value.split(",") if tag]
    tags += [f"uses:dataset:{name}" for name in call.all("datasets")]
    tags += [f"uses:model:{name}" for name in call.all("models")]
    tags += [f"apps:{name}" for name in call.all("apps")]
    tags += ["linked"] if call.flag("linked") else []
    # what is served, and by whom: nothing carries these tags as long as this hub serves nothing
    tags += [f"inference:{state}" for state in call.all("inference")]
    tags += [f"inference_provider:{name}" for name in call.all("inference_provider")]
    return tags


def _gated(text: str | None) -> bool | None:
    return None if text is None else text.lower() in ("true", "1", "auto", "manual")


def _sort(text: str | None) -> str:
    if not text:
        return "trending"
    if text not in SORTS:
        raise BadRequest(f'Invalid sort "{text[:50]}": expected one of {", ".join(SORTS)}')
    return SORTS[text]


def _parameters(text: str | None) -> tuple[int | None, int | None]:
    """`min:6B,max:128B`, either part alone too."""
    bounds: dict[str, int] = {}
    for part in (text or "").split(","):
        side, _, amount = part.strip().partition(":")
        matched = _AMOUNT.match(amount.lower())
        if not part:
            continue
        if side not in ("min", "max") or matched is None:
            raise BadRequest('"num_parameters" looks like "min:6B,max:128B".')
        bounds[side] = int(float(matched[1]) * _UNITS[matched[2]])
    return bounds.get("min"), bounds.get("max")


def read_cursor(text: str | None) -> tuple[str | float | int, int] | None:
    """The place in a list that a cursor of ours marks."""
    if not text:
        return None
    try:
        value, repo_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(value, str):
            datetime.fromisoformat(value)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadRequest("This cursor is not one of ours. Begin again without it.") from error
    if not isinstance(value, str | int | float) or not isinstance(repo_id, int):
        raise BadRequest("This cursor is not one of ours. Begin again without it.")
    return value, repo_id
